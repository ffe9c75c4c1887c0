import type { Context } from '../../access/context';
import { invalidField } from '../../../kernel/issues';

/**
 * Throws 422 unless the handler at `path` exists and takes the request itself: in Python, defines `handler`. For wires that promise this of
 * every endpoint; other wires also accept a function that gets parameters by name. Checks the default version.
 */
export async function assertRequestHandler(ctx: Pick<Context, 'store'>, path: string): Promise<void> {
  const { handlers } = ctx.store;
  const handler = await handlers.byPath(path);
  if (!handler) throw invalidField('handler/path', 'not_found', 'handler not found');
  const version = handler.defaultVersion ?? handler.latestVersion;
  const [row] = await handlers.versions(handler.id, version + 1, 1);
  if (row?.form !== 'request') {
    throw invalidField('handler/path', 'no_handler_function', 'must be a file that defines a function named handler');
  }
}
