import { Refused, type Api } from "./api";
import { Connection, waitAfter } from "./connection";
import type { Storage } from "./storage";
import type { Message, Outgoing, Standing, Welcome } from "./types";

export interface State extends Standing {
  phase: "idle" | "starting" | "ready" | "failed" | "over";
  welcome: Pick<Welcome, "company" | "greeting"> | null;
  messages: Message[];
  outgoing: Outgoing[];
  /** Ids of outgoing messages that a try failed for. */
  failed: ReadonlySet<string>;
  busy: boolean;
  connected: boolean;
  online: boolean;
  /** Whether the customer has the conversation before them. */
  open: boolean;
  seen: number;
}

const HIDDEN_MS = 60_000;
const TYPING_EVERY_MS = 3_000;

/** The conversation as this browser knows it; a view calls `watch` and shows `state`. */
export class Chat {
  state: State;
  private connection: Connection | null = null;
  private watchers = new Set<() => void>();
  private flushing = false;
  private flushTimer = 0;
  private hiddenTimer = 0;
  private starting: Promise<void> | null = null;
  private conversation = "";
  private failures = 0;
  private typedAt = -TYPING_EVERY_MS;
  /** Outgoing messages not to send again: the desk has them, or will never take them. */
  private settled = new Set<string>();
  private undo: (() => void)[] = [];
  /** Called for every message of the desk that came while the page was open. */
  onArrival = (_message: Message) => {};

  constructor(
    private readonly api: Api,
    readonly storage: Storage,
  ) {
    this.state = { ...this.empty(), phase: "idle", open: false };
  }

  /** Begin to follow what happens around: network, other tabs, the page going to the background. */
  attach(): void {
    const on = <T extends EventTarget>(target: T, name: string, act: () => void) => {
      target.addEventListener(name, act);
      this.undo.push(() => target.removeEventListener(name, act));
    };
    on(window, "online", () => this.networkChanged(true));
    on(window, "offline", () => this.networkChanged(false));
    on(document, "visibilitychange", () => this.visibilityChanged());
    on(window, "pageshow", () => this.connection?.hurry());
    this.undo.push(this.storage.watch((key) => this.otherTabChanged(key)));
    if (this.storage.session) void this.start();
  }

  detach(): void {
    this.undo.forEach((undo) => undo());
    this.undo = [];
    this.disconnect();
    clearTimeout(this.flushTimer);
  }

  watch(changed: () => void): () => void {
    this.watchers.add(changed);
    return () => this.watchers.delete(changed);
  }

  show(open: boolean): void {
    this.update({ open });
    if (!open) return;
    if (this.state.phase === "idle" || this.state.phase === "failed") void this.start();
    this.markSeen();
  }

  /** Resume the kept conversation or begin one. */
  start(): Promise<void> {
    this.starting ??= this.begin().finally(() => (this.starting = null));
    return this.starting;
  }

  async startAgain(): Promise<void> {
    this.clear();
    await this.start();
  }

  send(text: string): void {
    const item = { id: newId(), text, at: new Date().toISOString() };
    this.storage.keep(item);
    this.update({ outgoing: [...this.state.outgoing, item] });
    void this.flush();
  }

  /** Let a person who answers see that something is being written; nothing of it is sent. */
  typing(): void {
    const session = this.storage.session;
    const now = performance.now();
    if (!session || this.state.owner !== "staff" || now - this.typedAt < TYPING_EVERY_MS) return;
    this.typedAt = now;
    // A convenience: who isn't told misses nothing.
    this.api.typing(session.token).catch(() => {});
  }

  retry(): void {
    this.state.failed.forEach((id) => this.settled.delete(id));
    this.connection?.hurry();
    void this.flush();
  }

  discard(id: string): void {
    this.storage.drop(id);
    this.update({ outgoing: this.state.outgoing.filter((item) => item.id !== id) });
  }

  /** Close the conversation; it is over for every tab. */
  async finish(): Promise<void> {
    await this.leave((token) => this.api.end(token));
  }

  async erase(): Promise<void> {
    await this.leave((token) => this.api.erase(token));
  }

  get unread(): number {
    return this.state.messages.filter((m) => m.author !== "customer" && m.seq > this.state.seen).length;
  }

  private async leave(act: (token: string) => Promise<void>): Promise<void> {
    const session = this.storage.session;
    try {
      if (session) await act(session.token);
    } catch (error) {
      // Gone already, by another tab or by its age.
      if (!(error instanceof Refused) || ![401, 404].includes(error.status)) throw error;
    }
    this.clear();
    this.update({ phase: "over" });
  }

  private async begin(): Promise<void> {
    this.update({ phase: this.state.welcome ? this.state.phase : "starting" });
    try {
      const kept = this.storage.session;
      const welcome = await this.api.start(kept?.token ?? null);
      this.conversation = welcome.conversation;
      if (kept?.conversation !== welcome.conversation) this.storage.seen = 0;
      this.storage.session = { token: welcome.token, conversation: welcome.conversation };
      this.update({ ...this.empty(), phase: "ready", welcome, online: navigator.onLine });
      this.connect();
      void this.flush();
    } catch {
      this.update({ phase: "failed" });
    }
  }

  private connect(): void {
    this.disconnect();
    const session = this.storage.session;
    if (!session) return;
    const seen = this.state.messages.at(-1)?.seq ?? 0;
    const wasThere = this.storage.seen;
    this.connection = new Connection(this.api, session.token, seen, {
      message: (message) => this.take(message, wasThere),
      standing: ({ owner, answering }) => this.update({ owner, answering }),
      connected: (connected) => connected !== this.state.connected && this.update({ connected }),
      over: () => this.ended(),
      lost: () => void this.start(),
    });
  }

  private disconnect(): void {
    this.connection?.stop();
    this.connection = null;
  }

  private ended(): void {
    this.clear();
    this.update({ phase: "over" });
  }

  private clear(): void {
    this.disconnect();
    this.conversation = "";
    this.storage.forget();
    this.update({ ...this.empty(), welcome: this.state.welcome });
  }

  private take(message: Message, wasThere: number): void {
    const { messages, outgoing } = this.state;
    if (message.id) this.storage.drop(message.id);
    this.update({
      messages: [...messages, message],
      outgoing: message.id ? outgoing.filter((item) => item.id !== message.id) : outgoing,
    });
    if (message.author !== "customer" && message.seq > wasThere) this.onArrival(message);
    this.markSeen();
  }

  private markSeen(): void {
    const last = this.state.messages.at(-1)?.seq ?? 0;
    if (!this.state.open || document.hidden || last <= this.state.seen) return;
    this.storage.seen = last;
    this.update({ seen: last });
  }

  /** Send what waits, one after the other, so that two quick messages arrive in order. */
  private async flush(): Promise<void> {
    if (this.flushing || this.state.phase !== "ready") return;
    this.flushing = true;
    clearTimeout(this.flushTimer);
    try {
      for (let item = this.nextOutgoing(); item; item = this.nextOutgoing()) {
        const session = this.storage.session;
        if (!session) return;
        await this.post(session.token, item);
      }
      this.update({ busy: false });
    } catch (error) {
      this.sendingFailed(error);
    } finally {
      this.flushing = false;
    }
  }

  private nextOutgoing(): Outgoing | undefined {
    return this.state.outgoing.find((item) => !this.settled.has(item.id));
  }

  private async post(token: string, item: Outgoing): Promise<void> {
    try {
      await this.api.send(token, item);
    } catch (error) {
      if (!(error instanceof Refused) || ![400, 413].includes(error.status)) throw error;
      // It would be refused again and again, and nothing behind it would ever be sent.
      this.settled.add(item.id);
      this.update({ failed: new Set([...this.state.failed, item.id]) });
      return;
    }
    this.failures = 0;
    this.confirm(item.id);
  }

  /** The desk has it; it stays on the screen until the stream brings it back with its number. */
  private confirm(id: string): void {
    this.settled.add(id);
    this.storage.drop(id);
    const failed = new Set(this.state.failed);
    failed.delete(id);
    // Where the stream was faster than the receipt, it has said how things stand.
    const waiting = this.state.outgoing.some((item) => item.id === id);
    this.update({ failed, answering: waiting ? this.state.owner === "bot" : this.state.answering });
  }

  private sendingFailed(error: unknown): void {
    const status = error instanceof Refused ? error.status : 0;
    // The desk has forgotten the conversation (its age, a new key): what is unsent goes into a new one.
    if (status === 401 || status === 404) return void this.start();
    this.failures += 1;
    const waiting = this.state.outgoing.filter((item) => !this.settled.has(item.id));
    const busy = status === 429;
    this.update({ busy, failed: busy ? this.state.failed : new Set(waiting.map((item) => item.id)) });
    this.flushTimer = window.setTimeout(() => void this.flush(), Math.max(2_000, waitAfter(this.failures, error)));
  }

  private networkChanged(online: boolean): void {
    this.update({ online });
    if (!online) return;
    this.connection?.hurry();
    void this.flush();
    if (this.state.phase === "failed") void this.start();
  }

  /** A page nobody sees needs no stream, unless its sound is wanted. */
  private visibilityChanged(): void {
    clearTimeout(this.hiddenTimer);
    if (document.hidden) {
      if (!this.storage.sound) this.hiddenTimer = window.setTimeout(() => this.disconnect(), HIDDEN_MS);
      return;
    }
    if (this.connection) this.connection.hurry();
    else if (this.state.phase === "ready") this.connect();
    this.markSeen();
    void this.flush();
  }

  private otherTabChanged(key: string): void {
    if (key === "seen") this.update({ seen: this.storage.seen });
    if (key !== "session" || this.starting) return;
    const session = this.storage.session;
    if (!session) {
      if (this.state.phase === "ready") this.ended();
    } else if (session.conversation !== this.conversation) {
      void this.start();
    }
  }

  private empty(): Omit<State, "phase" | "open"> {
    return {
      owner: "bot",
      answering: false,
      welcome: null,
      messages: [],
      outgoing: this.storage.outgoing,
      failed: new Set(),
      busy: false,
      connected: true,
      online: navigator.onLine,
      seen: this.storage.seen,
    };
  }

  private update(changes: Partial<State>): void {
    this.state = { ...this.state, ...changes };
    this.watchers.forEach((changed) => changed());
  }
}

/** crypto.randomUUID is missing on pages without TLS. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
