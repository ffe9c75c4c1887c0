import type { Issue } from '../../../kernel/errors';
import type { EndpointRules } from './endpoint.schema';

/** Checks what the answers of an endpoint may depend on against the callers that would share them. */
export function cacheIssues(rules: EndpointRules, accessLevel: string): Issue[] {
  const { cache, methods, middleware, signature, response } = rules;
  if (cache === null) return [];
  const issues: Issue[] = [];
  const add = (at: string, code: string, message: string): number =>
    issues.push({ pointer: `#/cache${at}`, code, message });
  if (!methods.includes('GET')) add('', 'nothing_to_cache', 'has no effect without GET in `methods`');
  if (signature !== null)
    add('', 'cache_with_signature', 'must not be set with `access.signature`: each event is handled');
  if (response.cookies.length > 0)
    add('', 'cache_with_cookies', 'must not be set with `response.cookies`: such answers are for one browser');
  if (cache.by === 'all' && middleware.length > 0)
    add(
      '/by',
      'shared_with_middleware',
      'must not be all with `access.middleware`, whose results may depend on the caller',
    );
  if (cache.by === 'key' && (accessLevel === 'public' || accessLevel === 'authenticated'))
    add('/by', 'key_without_keys', `access level \`${accessLevel}\` takes no keys, so no answer would be kept`);
  return issues;
}
