import type { CommitResult } from '../../../storage/commit';
import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';

/**
 * Returns the error for a commit that the index of tools refused: 409 `name_taken`, with the path of the endpoint that has the name. Undefined
 * for another reason.
 */
export async function toolConflictOf(
  { store }: Pick<Context, 'store'>,
  result: CommitResult,
  id: string,
  tool: string | null,
): Promise<ApiError | undefined> {
  if (result.kind !== 'taken' || result.index !== 'endpoints.tool_key' || tool === null) return undefined;
  const other = await store.endpoints.withTool(tool);
  if (other === undefined || other.id === id) return undefined;
  return new ApiError(
    'name_taken',
    `The endpoint at ${other.path} already is the tool ${tool}. Tools must differ in more than case: set another tool.name.`,
  );
}
