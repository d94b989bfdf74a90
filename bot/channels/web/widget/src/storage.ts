import type { Outgoing } from "./types";

export interface Session {
  token: string;
  conversation: string;
}

/**
 * What a browser keeps between pages and shares between tabs: the way back to the conversation and what isn't sent
 * yet, never the conversation itself. A browser that keeps nothing (private mode, blocked storage) works until reload.
 */
export class Storage {
  private readonly prefix: string;
  private readonly fallback = new Map<string, string>();

  constructor(desk: string, company: string) {
    this.prefix = `madoguchi ${desk} ${company} `;
  }

  get session(): Session | null {
    const kept = this.read("session");
    return kept === null ? null : (JSON.parse(kept) as Session);
  }

  set session(session: Session | null) {
    this.write("session", session && JSON.stringify(session));
  }

  /** The last message that the customer has seen. */
  get seen(): number {
    return Number(this.read("seen") ?? 0);
  }

  set seen(seq: number) {
    this.write("seen", seq ? String(seq) : null);
  }

  get sound(): boolean {
    return this.read("sound") === "on";
  }

  set sound(on: boolean) {
    this.write("sound", on ? "on" : null);
  }

  get size(): string {
    return this.read("size") ?? "normal";
  }

  set size(size: string) {
    this.write("size", size);
  }

  /** Each waiting message has a key of its own, so that two tabs never overwrite each other's. */
  get outgoing(): Outgoing[] {
    const waiting = this.keys()
      .filter((key) => key.startsWith("out "))
      .map((key) => JSON.parse(this.read(key) ?? "null") as Outgoing | null);
    return waiting.filter((item) => item !== null).sort((a, b) => a.at.localeCompare(b.at));
  }

  keep(item: Outgoing): void {
    this.write(`out ${item.id}`, JSON.stringify(item));
  }

  drop(id: string): void {
    this.write(`out ${id}`, null);
  }

  /** Forget the conversation; how the customer likes to read stays. */
  forget(): void {
    for (const item of this.outgoing) this.drop(item.id);
    this.session = null;
    this.seen = 0;
  }

  /** Call back when another tab changed something; give the way to stop. */
  watch(changed: (key: string) => void): () => void {
    const listen = (event: StorageEvent) => {
      if (event.key?.startsWith(this.prefix)) changed(event.key.slice(this.prefix.length));
    };
    addEventListener("storage", listen);
    return () => removeEventListener("storage", listen);
  }

  private keys(): string[] {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(this.prefix))
        .map((key) => key.slice(this.prefix.length));
    } catch {
      return [...this.fallback.keys()];
    }
  }

  private read(key: string): string | null {
    try {
      return localStorage.getItem(this.prefix + key);
    } catch {
      return this.fallback.get(key) ?? null;
    }
  }

  private write(key: string, value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(this.prefix + key);
      else localStorage.setItem(this.prefix + key, value);
    } catch {
      if (value === null) this.fallback.delete(key);
      else this.fallback.set(key, value);
    }
  }
}
