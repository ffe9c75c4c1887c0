import type { RunSink } from '../core/run/run-recorder';
import type { RunRow } from '../storage/runs';
import type { Store } from '../storage/store';

/** A queue message holds 128 KB [Cloudflare's limit]; what one run keeps is well below. */
const MESSAGE_BYTES = 120_000;
/** A D1 value holds 2 MB, and one statement binds one such value. */
const STATEMENT_BYTES = 1_500_000;

/** Sends batches of run records to the queue: one call, in messages as large as they may be. */
export const createRunSink = (queue: Queue): RunSink => ({
  send: async (rows) => {
    // 256 KB a call [Cloudflare's limit]: two messages at a time.
    const messages = pack(rows, MESSAGE_BYTES).map((batch) => ({ body: batch }));
    for (let i = 0; i < messages.length; i += 2) await queue.sendBatch(messages.slice(i, i + 2));
  },
});

/** Consumer: writes what has come in, in as few statements as its size allows. A batch that fails is delivered again. */
export async function consumeRuns(batch: MessageBatch<RunRow[]>, store: Pick<Store, 'runs'>): Promise<void> {
  const rows = batch.messages.flatMap((message) => message.body);
  for (const part of pack(rows, STATEMENT_BYTES)) await store.runs.save(part);
}

/** Splits rows into lists whose JSON is at most `limit` bytes, as far as single rows allow. */
export function pack(rows: RunRow[], limit: number): RunRow[][] {
  const lists: RunRow[][] = [];
  let list: RunRow[] = [];
  let size = 2;
  for (const row of rows) {
    const bytes = new TextEncoder().encode(JSON.stringify(row)).length + 1;
    if (list.length > 0 && size + bytes > limit) {
      lists.push(list);
      list = [];
      size = 2;
    }
    list.push(row);
    size += bytes;
  }
  if (list.length > 0) lists.push(list);
  return lists;
}
