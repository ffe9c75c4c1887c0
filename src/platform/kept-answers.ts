import { createLogger } from '../kernel/logger';
import { unavailable } from '../kernel/errors';
import type { KeptAnswers } from '../kernel/kept-answer';
import type { AnswerKeeper } from '../entrypoints/answer-keeper.do';

const log = createLogger('answers');

/** Keeps each answer in a Durable Object of its own. Throws 503 when it does not respond: a call must not run twice. */
export const createKeptAnswers = (namespace: DurableObjectNamespace<AnswerKeeper>): KeptAnswers => ({
  claim: (name, call) => ask(() => namespace.getByName(name).claim(call)),
  settle: (name, runId, answer) => ask(() => namespace.getByName(name).settle(runId, answer)),
});

async function ask<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    log.error('cannot keep the answer of a call', { event: 'answer.failed', error });
    throw unavailable('Answers cannot be stored at the moment.', 1);
  }
}
