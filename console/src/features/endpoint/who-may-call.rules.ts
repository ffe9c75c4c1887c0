import type { Endpoint } from './endpoint.queries';
import { senderOf } from './sender.rules';

type Access = Pick<
  Endpoint['access'],
  'level' | 'keys' | 'roles' | 'middleware' | 'addresses' | 'issuers' | 'signature'
>;

type CalledBy = Pick<Access, 'level' | 'keys' | 'roles' | 'signature'>;

/** Names the callers that an endpoint admits: `anybody`, `2 keys`, `signed-in users`. Null where it admits none. */
export function callersOf({ level, keys, roles, signature }: CalledBy): string | null {
  const withKey = keys.length === 0 ? null : keys.length === 1 ? '1 key' : `${keys.length} keys`;
  const users = roles.names.length === 0 ? 'signed-in users' : `users with ${rolesText(roles)}`;
  if (level === 'public') return signature === null ? 'anybody' : signedCalls(signature.kind);
  if (level === 'key') return withKey;
  if (level === 'authenticated' || withKey === null) return users;
  return `${withKey}, ${users}`;
}

const signedCalls = (kind: Parameters<typeof senderOf>[0]): string =>
  kind === 'hmac' ? 'signed calls' : `calls signed by ${senderOf(kind).label}`;

const list = (names: readonly string[]): string => new Intl.ListFormat('en').format(names);

const rolesText = ({ match, names }: Access['roles']): string =>
  new Intl.ListFormat('en', { type: match === 'any' ? 'disjunction' : 'conjunction' }).format(names);

/** Says in sentences who may call an endpoint, and what else may refuse a call. */
export function accessSentence(access: Access, rateLimit: Endpoint['rateLimit']): string {
  const callers = callersOf(access);
  const sentences = [
    callers === null ? 'No caller is admitted: it accepts keys, and has none.' : `Admitted: ${callers}.`,
    ...(access.issuers.length === 0 ? [] : [`Tokens of ${list(access.issuers.map(({ name }) => name))} count too.`]),
    ...(access.addresses.length === 0 ? [] : [`Only from ${list(access.addresses)}.`]),
    ...(access.signature === null || access.level === 'public' ? [] : [`Only ${signedCalls(access.signature.kind)}.`]),
    ...(access.middleware.length === 0 ? [] : [`Middleware may refuse a call: ${access.middleware.length}.`]),
    ...(rateLimit === null ? [] : [rateLimit, ...(rateLimit.also ?? [])].map(rateSentence)),
  ];
  return sentences.join(' ');
}

const PER = { key: 'key', ip: 'network address', user: 'user' };
type Window = Pick<NonNullable<Endpoint['rateLimit']>, 'limit' | 'windowSeconds' | 'by'>;
const rateSentence = ({ limit, windowSeconds, by }: Window): string =>
  `At most ${limit} calls in ${windowSeconds} s for each ${PER[by]}.`;
