import { Refused, type Api } from "./api";
import { serverEvents } from "./stream";
import type { Message, Standing } from "./types";

export interface Listener {
  message(message: Message): void;
  standing(standing: Standing): void;
  connected(yes: boolean): void;
  /** The conversation was ended or erased, here or in another tab. */
  over(): void;
  /** The desk doesn't know the token any more. */
  lost(): void;
}

const FIRST_BYTE_MS = 8_000;
const SILENCE_MS = 40_000;
const POLL_MS = 3_000;
/** After so many polls the stream is tried again: the phone may be in another network by now. */
const POLLS = 100;
const LONGEST_WAIT_MS = 30_000;

/** Keeps one conversation up to date: by the stream, or by asking every few seconds where a network holds it back. */
export class Connection {
  private stopped = new AbortController();
  private wakeUp = () => {};
  private polls = 0;
  private failures = 0;

  constructor(
    private readonly api: Api,
    private readonly token: string,
    private seen: number,
    private readonly listener: Listener,
  ) {
    void this.run();
  }

  stop(): void {
    this.stopped.abort();
    this.wakeUp();
  }

  /** Try now instead of waiting: the network is back, or the customer looks at the page again. */
  hurry(): void {
    this.failures = 0;
    this.polls = 0;
    this.wakeUp();
  }

  private async run(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      try {
        await (this.polls > 0 ? this.poll() : this.follow());
      } catch (error) {
        if (this.stopped.signal.aborted) return;
        if (error instanceof Refused && [401, 403, 404].includes(error.status)) return this.listener.lost();
        this.failures += 1;
        this.listener.connected(false);
        await this.pause(waitAfter(this.failures, error));
      }
    }
  }

  private async follow(): Promise<void> {
    const attempt = new AbortController();
    const abort = () => attempt.abort();
    this.stopped.signal.addEventListener("abort", abort);
    let opened = false;
    let watchdog = setTimeout(abort, FIRST_BYTE_MS);
    const alive = () => {
      opened = true;
      this.failures = 0;
      this.listener.connected(true);
      clearTimeout(watchdog);
      watchdog = setTimeout(abort, SILENCE_MS);
    };
    try {
      const reader = await this.api.stream(this.token, this.seen, attempt.signal);
      for await (const event of serverEvents(reader, alive)) {
        const content: unknown = JSON.parse(event.data);
        if (event.name === "over") return this.finish();
        if (event.name === "state") this.listener.standing(content as Standing);
        else if (event.name === "message") this.take(content as Message);
      }
      throw new Refused(0);
    } finally {
      clearTimeout(watchdog);
      this.stopped.signal.removeEventListener("abort", abort);
      // Not a byte: either nothing reaches the desk, or something on the way waits for the answer's end.
      if (!opened && attempt.signal.aborted) this.polls = POLLS;
    }
  }

  private async poll(): Promise<void> {
    this.polls -= 1;
    const news = await this.api.messages(this.token, this.seen);
    this.failures = 0;
    this.listener.connected(true);
    news.messages.forEach((message) => this.take(message));
    this.listener.standing(news);
    await this.pause(POLL_MS);
  }

  private take(message: Message): void {
    if (message.seq <= this.seen) return;
    this.seen = message.seq;
    this.listener.message(message);
  }

  private finish(): void {
    this.stop();
    this.listener.over();
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Wait longer after each failure, and never all browsers at the same moment. */
export function waitAfter(failures: number, error: unknown): number {
  const asked = error instanceof Refused ? error.retryAfterS * 1000 : 0;
  const backedOff = Math.min(LONGEST_WAIT_MS, 500 * 2 ** Math.min(failures, 10));
  return Math.max(asked, backedOff) * (0.75 + Math.random() / 2);
}
