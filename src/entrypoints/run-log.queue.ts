import { describeError } from '../kernel/describe-error';
import type { RunSink } from '../core/runs/run-recorder';
import type { Store } from '../storage/store';

/** A queue message holds 128 KB [Cloudflare's limit]; what one run keeps is well below. */
const MESSAGE_BYTES = 120_000;
/** A D1 value holds 2 MB, and one statement binds one such value. Far below: while one runs, no other does. */
const STATEMENT_BYTES = 120_000;

const encoder = new TextEncoder();

/** Sends run records to the queue, as texts joined by commas: as many in a message as it holds. */
export const createRunSink = (queue: Queue): RunSink => ({
  send: async (rows) => {
    const messages = pack(rows, MESSAGE_BYTES).map((body) => ({ body, contentType: 'text' as const }));
    // 256 KB a call [Cloudflare's limit]: two messages at a time.
    for (let i = 0; i < messages.length; i += 2) await queue.sendBatch(messages.slice(i, i + 2));
  },
});

/** Seconds before a batch is delivered again, by its tries so far: 5 s, 10 s, … 10 min. */
const retrySeconds = (tries: number): number => Math.min(600, 5 * 2 ** (tries - 1));

/** Consumer: writes what has come in, in as few statements as its size allows. A batch that fails is delivered again, later each time. */
export async function consumeRuns(batch: MessageBatch<string>, store: Pick<Store, 'runs'>): Promise<void> {
  const texts = batch.messages.map((message) => message.body);
  try {
    for (const part of pack(texts, STATEMENT_BYTES)) await store.runs.save(`[${part}]`);
  } catch (error) {
    const tries = Math.max(...batch.messages.map(({ attempts }) => attempts));
    const delaySeconds = retrySeconds(tries);
    console.error(
      JSON.stringify({
        level: 'error',
        message: 'run records not written, tried again later',
        messages: texts.length,
        tries,
        delaySeconds,
        error: describeError(error),
      }),
    );
    batch.retryAll({ delaySeconds });
  }
}

/** Joins texts by commas into longer ones of at most `limit` bytes of UTF-8, as far as single texts allow; their order stays. */
export function pack(texts: string[], limit: number): string[] {
  const joined: string[] = [];
  let list: string[] = [];
  let size = 0;
  for (const text of texts) {
    const bytes = encoder.encode(text).length + 1;
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
