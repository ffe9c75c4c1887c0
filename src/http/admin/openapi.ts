import { rolesThatMay } from '../../core/access/permitted.rules';
import { headersOf, type WireReference } from '../reference/operations';
import { PROBLEMS } from '../reference/problems';
import type { Route } from '../wire/route';

/** The admin API for the API reference. */
export const adminReference: WireReference = { prefix: '', problems: PROBLEMS, describePolicy, refusedWith };

function describePolicy(policy: Route['policy']): string {
  if (policy === 'public') return 'Needs no access token.';
  const roles = rolesThatMay(policy);
  return `Needs the permission \`${policy}\`: ${typeof roles === 'string' ? roles : ['admin', ...roles].join(', ')}.`;
}

/** Statuses of errors by the inputs of an operation. */
function refusedWith(route: Route): Set<number> {
  const isPublic = route.policy === 'public';
  const hasBody = route.body !== undefined || route.text !== undefined || route.maxBytes !== undefined;
  const writes = route.method !== 'get';
  const headers = headersOf(route);
  return new Set([
    ...(hasBody || route.query || Object.keys(headers).length > 0 ? [400] : []),
    401,
    ...(isPublic ? [] : [403]),
    ...(route.params ? [404] : []),
    ...(writes && (!route.notReplayable || route.id === 'bootstrap') ? [409] : []),
    ...('if-match' in headers ? [412] : []),
    ...(hasBody ? [413, 415, 422] : []),
    ...(isPublic ? [429] : []),
  ]);
}
