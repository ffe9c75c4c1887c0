import type { Endpoint } from './endpoint.queries';

type Access = Pick<Endpoint['access'], 'level' | 'keys' | 'roles' | 'middleware'>;

/** Names the callers that an endpoint admits: `anybody`, `2 keys`, `signed-in users`. Null where it admits none. */
export function callersOf({ level, keys, roles }: Access): string | null {
  const withKey = keys.length === 0 ? null : keys.length === 1 ? '1 key' : `${keys.length} keys`;
  const users = roles.names.length === 0 ? 'signed-in users' : `users with ${rolesText(roles)}`;
  if (level === 'public') return 'anybody';
  if (level === 'key') return withKey;
  if (level === 'authenticated' || withKey === null) return users;
  return `${withKey}, ${users}`;
}

const rolesText = ({ match, names }: Access['roles']): string =>
  new Intl.ListFormat('en', { type: match === 'any' ? 'disjunction' : 'conjunction' }).format(names);

/** Says in sentences who may call an endpoint, and what else may refuse a call. */
export function accessSentence(access: Access, rateLimit: Endpoint['rateLimit']): string {
  const callers = callersOf(access);
  const sentences = [
    callers === null ? 'No caller is admitted: it accepts keys, and has none.' : `Admitted: ${callers}.`,
    ...(access.middleware.length === 0 ? [] : [`Middleware may refuse a call: ${access.middleware.length}.`]),
    ...(rateLimit === null ? [] : [rateSentence(rateLimit)]),
  ];
  return sentences.join(' ');
}

const PER = { key: 'key', ip: 'network address', user: 'user' };
const rateSentence = ({ limit, windowSeconds, by }: NonNullable<Endpoint['rateLimit']>): string =>
  `At most ${limit} calls in ${windowSeconds} s for each ${PER[by]}.`;
