import type { CallInput } from '../../api/call';
import { fromDigits, fromLines, fromPairs, toLines, toPairs } from '../../kit/text-values.rules';
import type { Provider } from './provider.queries';

type Settings = Omit<Provider, 'name' | 'hasClientSecret' | 'redirectUri' | 'createdAt' | 'updatedAt'>;

/** A provider that is not stored yet: a save under its revision makes one, and replaces none. */
export const NEW_PROVIDER: Settings = {
  label: '',
  issuer: '',
  clientId: '',
  scopes: ['openid', 'profile', 'email'],
  groupsClaim: 'groups',
  roles: {},
  admit: { everyone: false, domains: [], groups: [] },
  sessionHours: 12,
  active: true,
  revision: 0,
};

/** Returns a provider as a form edits it: lists with one item a line, scopes with spaces, roles as `group = role`. */
export const toValues = ({ scopes, roles, admit, sessionHours, ...settings }: Settings) => ({
  label: settings.label,
  issuer: settings.issuer,
  clientId: settings.clientId,
  scopes: scopes.join(' '),
  everyone: admit.everyone,
  groups: toLines(admit.groups),
  domains: toLines(admit.domains),
  groupsClaim: settings.groupsClaim,
  roles: toPairs(roles),
  sessionHours: String(sessionHours),
  active: settings.active,
});
export type ProviderValues = ReturnType<typeof toValues>;

/** Returns what is sent. A client secret that is empty stays as it is; null removes it. */
export const toBody = (
  { everyone, groups, domains, scopes, roles, sessionHours, ...values }: ProviderValues,
  clientSecret: string | null,
): CallInput<'PUT /admin/providers/:name'>['body'] => ({
  ...values,
  scopes: scopes.split(/\s+/).filter((scope) => scope !== ''),
  admit: { everyone, groups: fromLines(groups), domains: fromLines(domains) },
  roles: fromPairs(roles),
  sessionHours: fromDigits(sessionHours),
  ...(clientSecret === '' ? {} : { clientSecret }),
});

/** Returns who may sign in, in words. */
export const whoMayComeIn = ({ everyone, groups, domains }: Provider['admit']): string =>
  everyone ? 'everyone of this issuer' : [...groups, ...domains.map((domain) => `@${domain}`)].join(', ');
