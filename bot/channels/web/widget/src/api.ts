import type { Message, Outgoing, Standing, Welcome } from "./types";

/** The desk refused; `status` 0 means that it couldn't be reached. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly retryAfterS = 0,
  ) {
    super(`desk: ${status}`);
  }
}

const PATIENCE_MS = 20_000;

/** AbortSignal.timeout, which Safari 15 lacks. */
function timeout(): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), PATIENCE_MS);
  return controller.signal;
}

/** The desk's API for one company. */
export class Api {
  constructor(
    private readonly desk: string,
    private readonly company: string,
  ) {}

  async start(token: string | null): Promise<Welcome> {
    const answer = await this.call("POST", "conversations", token, { company: this.company });
    return (await answer.json()) as Welcome;
  }

  async send(token: string, item: Outgoing): Promise<void> {
    await this.call("POST", "messages", token, { id: item.id, text: item.text });
  }

  async messages(token: string, after: number): Promise<Standing & { messages: Message[] }> {
    const answer = await this.call("GET", `messages?after=${after}`, token);
    return (await answer.json()) as Standing & { messages: Message[] };
  }

  /** Open the stream. It is read by fetch, not EventSource, which could send the token only within the address. */
  async stream(token: string, after: number, signal: AbortSignal): Promise<ReadableStreamDefaultReader<Uint8Array>> {
    const answer = await this.call("GET", "events", token, undefined, { "Last-Event-ID": String(after) }, signal);
    if (!answer.body) throw new Refused(0);
    return answer.body.getReader();
  }

  async typing(token: string): Promise<void> {
    await this.call("POST", "typing", token);
  }

  async end(token: string): Promise<void> {
    await this.call("POST", "end", token);
  }

  async erase(token: string): Promise<void> {
    await this.call("DELETE", "conversation", token);
  }

  private async call(
    method: string,
    path: string,
    token: string | null,
    body?: object,
    more: Record<string, string> = {},
    signal: AbortSignal = timeout(),
  ): Promise<Response> {
    const headers: Record<string, string> = { ...more };
    if (token) headers["Authorization"] = `Bearer ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    const request: RequestInit = { method, headers, signal, cache: "no-store", credentials: "omit" };
    if (body) request.body = JSON.stringify(body);
    let answer: Response;
    try {
      answer = await fetch(`${this.desk}/chat/${path}`, request);
    } catch {
      throw new Refused(0);
    }
    if (!answer.ok) throw new Refused(answer.status, Number(answer.headers.get("Retry-After") ?? 0));
    return answer;
  }
}
