import { splitStream } from './split-stream.rules';

export interface ServerEvent {
  /** Place in the stream, from which a later one continues. */
  id?: string;
  event: string;
  data: unknown;
}

/** Reads server-sent events, each with a name and one line of JSON, as the service sends them. Comments are passed over. */
export const readEvents = (
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onEvent: (event: ServerEvent) => void,
): Promise<void> =>
  splitStream(body, '\n\n', (block) => {
    const [, id, event, data] = /^(?:id: (.*)\n)?event: (.*)\ndata: (.*)$/m.exec(block) ?? [];
    if (event === undefined || data === undefined) return;
    onEvent({ event, data: JSON.parse(data) as unknown, ...(id !== undefined && { id }) });
  });
