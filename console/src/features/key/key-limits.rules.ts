import type { Key, KeyScopes } from '../../../../src/core/identity/keys/key.schema';
import { fromDigitsIfAny, fromLines, toDigits, toLines } from '../../kit/text-values.rules';

/** Limits of a key, as a form edits them: lists have one item a line. */
export interface KeyLimits {
  endpoints: string;
  folders: string;
  methods: NonNullable<KeyScopes['methods']>;
  roles: string[];
  addresses: string;
  perDay: string;
  perMonth: string;
}

/** A key that may call everything that accepts it. */
export const NO_LIMITS: KeyLimits = {
  endpoints: '',
  folders: '',
  methods: [],
  roles: [],
  addresses: '',
  perDay: '',
  perMonth: '',
};

type Limited = Pick<Key, 'scopes' | 'roles' | 'addresses' | 'quota'>;

export const toKeyLimits = ({ scopes, roles, addresses, quota }: Limited): KeyLimits => ({
  endpoints: toLines(scopes.endpoints),
  folders: toLines(scopes.folders),
  methods: scopes.methods,
  roles,
  addresses: toLines(addresses),
  perDay: toDigits(quota.perDay),
  perMonth: toDigits(quota.perMonth),
});

export const fromKeyLimits = (limits: KeyLimits): Limited => ({
  scopes: {
    endpoints: fromLines(limits.endpoints),
    folders: fromLines(limits.folders),
    methods: limits.methods,
  },
  roles: limits.roles,
  addresses: fromLines(limits.addresses),
  quota: { perDay: fromDigitsIfAny(limits.perDay), perMonth: fromDigitsIfAny(limits.perMonth) },
});

/** Says in one sentence what a key may call of the endpoints that accept it. */
export function limitsSentence({ scopes, roles, addresses, quota }: Limited): string {
  const places = [...scopes.endpoints.map((path) => `/u/${path}`), ...scopes.folders.map((name) => `folder ${name}`)];
  const parts = [
    places.length === 0 ? null : `at ${places.join(', ')}`,
    scopes.methods.length === 0 ? null : `with ${scopes.methods.join(', ')}`,
    roles.length === 0 ? null : `with the rights of ${roles.join(', ')}`,
    addresses.length === 0 ? null : `from ${addresses.join(', ')}`,
    quota.perDay === null ? null : `${quota.perDay.toLocaleString('en')} times a day`,
    quota.perMonth === null ? null : `${quota.perMonth.toLocaleString('en')} times a month`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'It may call every endpoint that accepts it.' : `It may call ${parts.join('; ')}.`;
}
