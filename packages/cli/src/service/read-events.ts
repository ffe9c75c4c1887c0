export interface ServerEvent {
  id: string;
  event: string;
  data: string;
}

/** Characters of one event. */
const MAX_EVENT = 1_048_576;

/** Yields the server-sent events of a stream; comments are left out. Throws a RangeError for an event without an end. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let buffered = '';
  for await (const bytes of body) {
    buffered = (buffered + decoder.decode(bytes, { stream: true })).replaceAll('\r\n', '\n');
    for (let end = buffered.indexOf('\n\n'); end !== -1; end = buffered.indexOf('\n\n')) {
      const event = parseEvent(buffered.slice(0, end));
      buffered = buffered.slice(end + 2);
      if (event.data !== '') yield event;
    }
    if (buffered.length > MAX_EVENT) throw new RangeError(`an event has more than ${MAX_EVENT} characters`);
  }
}

function parseEvent(text: string): ServerEvent {
  const fields = text.split('\n').map((line) => /^(\w+): ?(.*)$/s.exec(line));
  const of = (name: string): string => fields.flatMap((field) => (field?.[1] === name ? [field[2]!] : [])).join('\n');
  return { id: of('id'), event: of('event') || 'message', data: of('data') };
}
