import type { Context } from '../../access/context';
import { invalidField } from '../../../kernel/issues';

/**
 * Throws 422 unless there is a handler at `path` that takes the request itself: in Python, one that defines `handler`. For wires that
 * promise this of every endpoint; elsewhere a function fed by name will do as well. Looks at the version that is served.
 */
export async function assertRequestHandler(ctx: Pick<Context, 'store'>, path: string): Promise<void> {
  const { handlers } = ctx.store;
  const handler = await handlers.byPath(path);
  if (!handler) throw invalidField('handler/path', 'not_found', 'there is no such handler');
  const version = handler.defaultVersion ?? handler.latestVersion;
  const [row] = await handlers.versions(handler.id, version + 1, 1);
  if (row?.form !== 'request') {
    throw invalidField('handler/path', 'no_handler_function', 'must be a file that defines a function named handler');
  }
}
