import type { Write } from '../../storage/commit';
import type { Context } from '../access/context';

/**
 * Returns the write that keeps the answer of a verb, for the batch of its change: both happen or neither does, and of two requests with one key
 * the database lets one through. Nothing without an Idempotency-Key.
 */
export const keepAnswer = ({ firstAnswer, store }: Pick<Context, 'firstAnswer' | 'store'>, answer: unknown): Write[] =>
  firstAnswer === null ? [] : [store.idempotency.insert(firstAnswer(answer))];
