export interface ServerEvent {
  event: string;
  data: unknown;
}

/** Reads server-sent events, each with a name and one line of JSON, as the service sends them. Comments are passed over. */
export async function readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onEvent: (event: ServerEvent) => void,
): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (text + value).split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const found = /^event: (.*)\ndata: (.*)$/m.exec(block);
      if (found) onEvent({ event: found[1]!, data: JSON.parse(found[2]!) as unknown });
    }
  }
}
