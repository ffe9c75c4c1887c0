import { splitStream } from './split-stream.rules';

export interface ServerEvent {
  event: string;
  data: unknown;
}

/** Reads server-sent events, each with a name and one line of JSON, as the service sends them. Comments are passed over. */
export const readEvents = (
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onEvent: (event: ServerEvent) => void,
): Promise<void> =>
  splitStream(body, '\n\n', (block) => {
    const found = /^event: (.*)\ndata: (.*)$/m.exec(block);
    if (found) onEvent({ event: found[1]!, data: JSON.parse(found[2]!) as unknown });
  });
