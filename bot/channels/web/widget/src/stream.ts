export interface ServerEvent {
  name: string;
  data: string;
}

/** Split the bytes of a stream into server-sent events; `alive` is called for every piece, comments included. */
export async function* serverEvents(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  alive: () => void,
): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let pending = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    alive();
    pending += decoder.decode(value, { stream: true });
    const blocks = pending.split(/\r\n\r\n|\n\n|\r\r/);
    pending = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = parse(block);
      if (event) yield event;
    }
  }
}

function parse(block: string): ServerEvent | null {
  let name = "message";
  const data: string[] = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).trim());
  }
  return data.length ? { name, data: data.join("\n") } : null;
}
