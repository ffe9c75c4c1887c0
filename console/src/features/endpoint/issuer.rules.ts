import { fromLines, fromPairs, toLines, toPairs } from '../../kit/text-values.rules';
import type { Endpoint } from './endpoint.queries';

type Issuer = Endpoint['access']['issuers'][number];

/** Initial settings for the tokens of a known issuer. Parts in angle brackets are those of the user's own account. */
interface IssuerStart {
  id: string;
  label: string;
  values: Partial<IssuerValues>;
}

const FIREBASE_KEYS = 'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com';

export const ISSUER_STARTS: readonly IssuerStart[] = [
  {
    id: 'auth0',
    label: 'Auth0',
    values: { name: 'auth0', issuer: 'https://<tenant>.auth0.com/', audience: '<identifier of the API>' },
  },
  { id: 'clerk', label: 'Clerk', values: { name: 'clerk', issuer: 'https://<frontend API>' } },
  {
    id: 'entra',
    label: 'Microsoft Entra',
    values: {
      name: 'entra',
      issuer: 'https://login.microsoftonline.com/<tenant id>/v2.0',
      jwksUrl: 'https://login.microsoftonline.com/<tenant id>/discovery/v2.0/keys',
      audience: '<client id of the application>',
    },
  },
  {
    id: 'supabase',
    label: 'Supabase',
    values: { name: 'supabase', issuer: 'https://<project>.supabase.co/auth/v1', audience: 'authenticated' },
  },
  {
    id: 'firebase',
    label: 'Firebase',
    values: {
      name: 'firebase',
      issuer: 'https://securetoken.google.com/<project id>',
      jwksUrl: FIREBASE_KEYS,
      audience: '<project id>',
    },
  },
  { id: 'other', label: 'Another', values: {} },
];

/** An issuer as a form edits it: lists have one item a line, the map of roles `value = role`. */
export interface IssuerValues {
  name: string;
  issuer: string;
  jwksUrl: string;
  audience: string;
  algorithms: Issuer['algorithms'];
  claim: string;
  map: string;
}

export const newIssuer = (start: Partial<IssuerValues>): IssuerValues => ({
  name: '',
  issuer: '',
  jwksUrl: '',
  audience: '',
  algorithms: ['RS256', 'ES256'],
  claim: '',
  map: '',
  ...start,
});

export const toIssuerValues = ({ name, issuer, jwksUrl, audience, algorithms, roles }: Issuer): IssuerValues => ({
  name,
  issuer,
  jwksUrl: jwksUrl ?? '',
  audience: toLines(audience),
  algorithms,
  claim: roles?.claim ?? '',
  map: toPairs(roles?.map ?? {}),
});

export const fromIssuerValues = ({ jwksUrl, audience, claim, map, ...issuer }: IssuerValues): Issuer => ({
  ...issuer,
  jwksUrl: jwksUrl === '' ? null : jwksUrl,
  audience: fromLines(audience),
  roles: claim === '' && map.trim() === '' ? null : { claim, map: fromPairs(map) },
});

const PLACEHOLDER = /<[^<>]+>/;

/** Returns what a text still has of a start, or undefined. */
export function unfilledIssue(text: string): string | undefined {
  const [found] = PLACEHOLDER.exec(text) ?? [];
  return found === undefined ? undefined : `Put your own in the place of ${found}`;
}

/** Throws for an issuer that still has a part of its start: the service would store it, and admit no token. */
export function assertFilled(issuers: readonly IssuerValues[]): void {
  for (const { name, issuer, jwksUrl, audience } of issuers) {
    const issue = [issuer, jwksUrl, audience].map(unfilledIssue).find((each) => each !== undefined);
    if (issue !== undefined) throw new Error(`Issuer ${name}: ${issue}.`);
  }
}
