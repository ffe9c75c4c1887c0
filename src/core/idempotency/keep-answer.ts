import type { Write } from '../../storage/commit';
import type { Context } from '../access/context';

/**
 * Returns the write that stores the result of a verb, for the batch of its change: both happen or neither, and the database accepts only
 * one of two requests with the same key. Empty without an Idempotency-Key.
 */
export const keepAnswer = ({ firstAnswer, store }: Pick<Context, 'firstAnswer' | 'store'>, answer: unknown): Write[] =>
  firstAnswer === null ? [] : [store.idempotency.insert(firstAnswer(answer))];
