import { createLogger } from '../kernel/logger';
import { pack } from '../platform/run-sink';
import type { Store } from '../storage/store';

const log = createLogger('runs');

/** A D1 value holds 2 MB, and one statement binds one such value. Far below that: a statement blocks all others while it runs. */
const STATEMENT_BYTES = 120_000;

/** Seconds before a batch is delivered again, by the number of tries: 5 s, 10 s, … 10 min. */
const retrySeconds = (tries: number): number => Math.min(600, 5 * 2 ** (tries - 1));

/** Queue consumer: writes a batch in as few statements as its size allows. A batch that fails is delivered again, later each time. */
export async function consumeRuns(batch: MessageBatch<string>, store: Pick<Store, 'runs'>): Promise<void> {
  const texts = batch.messages.map((message) => message.body);
  try {
    for (const part of pack(texts, STATEMENT_BYTES)) await store.runs.save(`[${part}]`);
  } catch (error) {
    const tries = Math.max(...batch.messages.map(({ attempts }) => attempts));
    const delaySeconds = retrySeconds(tries);
    log.error('run records not written, retrying', {
      event: 'run_record.write_failed',
      messages: texts.length,
      tries,
      delaySeconds,
      error,
    });
    batch.retryAll({ delaySeconds });
  }
}
