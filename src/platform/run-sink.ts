import type { RunSink } from '../core/runs/run-recorder';
import { utf8Length } from '../kernel/encoding';

/** A queue message holds 128 KB [Cloudflare's limit]; one run record is far below it. */
const MESSAGE_BYTES = 120_000;

/** Sends run records to the queue as texts joined by commas, as many per message as fit. */
export const createRunSink = (queue: Queue): RunSink => ({
  send: async (rows) => {
    const messages = pack(rows, MESSAGE_BYTES).map((body) => ({ body, contentType: 'text' as const }));
    // 256 KB per call [Cloudflare's limit]: two messages at a time.
    for (let i = 0; i < messages.length; i += 2) await queue.sendBatch(messages.slice(i, i + 2));
  },
});

/** Joins texts by commas into longer ones of at most `limit` bytes of UTF-8, unless a single text is longer; keeps their order. */
export function pack(texts: string[], limit: number): string[] {
  const joined: string[] = [];
  let list: string[] = [];
  let size = 0;
  for (const text of texts) {
    const bytes = utf8Length(text) + 1;
    if (list.length > 0 && size + bytes > limit) {
      joined.push(list.join(','));
      list = [];
      size = 0;
    }
    list.push(text);
    size += bytes;
  }
  if (list.length > 0) joined.push(list.join(','));
  return joined;
}
