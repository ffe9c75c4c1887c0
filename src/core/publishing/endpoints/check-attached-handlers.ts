import type { Context } from '../../access/context';
import type { Issue } from '../../../kernel/errors';
import { attachedHandlers, type Attachment } from './attached-handlers.rules';
import type { EndpointRules } from './endpoint.schema';

/** Returns an issue for each handler of `response.after` and `onError` that could not run. */
export async function checkAttachedHandlers(
  ctx: Pick<Context, 'store'>,
  rules: Pick<EndpointRules, 'response' | 'onError'>,
): Promise<Issue[]> {
  const issues = await Promise.all(attachedHandlers(rules).map((attachment) => issueOf(ctx, attachment)));
  return issues.filter((issue) => issue !== null);
}

async function issueOf({ store }: Pick<Context, 'store'>, { path, pointer }: Attachment): Promise<Issue | null> {
  const handler = await store.handlers.byPath(path);
  if (!handler) return { pointer, code: 'not_found', message: 'handler not found' };
  const { id, defaultVersion } = handler;
  const version = defaultVersion === null ? undefined : await store.handlers.version(id, defaultVersion);
  if (!version) return { pointer, code: 'not_deployed', message: 'this handler has no deployed version' };
  if (version.artifact.workflow?.kind === 'middleware')
    return {
      pointer,
      code: 'not_a_handler',
      message: 'a middleware runs before a call: list it under access.middleware',
    };
  return version.artifact.graph ? { pointer, code: 'not_a_handler', message: 'must not be a graph' } : null;
}
