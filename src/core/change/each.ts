import { ApiError } from '../../kernel/errors';
import type { Context } from '../access/context';
import type { EachResult } from './each.schema';

/**
 * Does `act` for each object, one after the other, and returns what became of each. Each is a change of its own: a refused one does not stop
 * the others. Failures that are no refusals reject.
 */
export async function eachOf(
  ctx: Context,
  ids: readonly string[],
  act: (ctx: Context, id: string) => Promise<unknown>,
): Promise<EachResult> {
  // The response to the whole request is no response of one of its changes.
  const own: Context = { ...ctx, firstAnswer: null };
  const items: EachResult['items'] = [];
  for (const id of ids) {
    const refusal = await act(own, id).then(
      () => null,
      (error: unknown) => {
        if (error instanceof ApiError) return error;
        throw error;
      },
    );
    items.push({ id, done: refusal === null, code: refusal?.code ?? null, message: refusal?.message ?? null });
  }
  return { items, done: items.filter(({ done }) => done).length };
}
