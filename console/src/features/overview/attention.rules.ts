import type { RunStats } from '../../../../src/core/runs/stats.schema';
import type { ListedAlert } from '../../../../src/core/publishing/endpoints/alert.schema';
import { isDelivered } from '../alert/alert-state.rules';
import { usedOf } from '../key/key-usage.rules';
import { failedIn } from '../run/run-chart.rules';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A key or token that expires within this time, or has expired since, is shown. */
const SOON_MS = 14 * DAY_MS;
/** Share of a daily quota from which it is shown. */
const NEARLY = 0.8;
const MAX_ENDPOINTS = 5;

type Group = Pick<RunStats['items'][number], 'group' | 'calls' | 'outcomes'>;

export interface FailingEndpoint {
  kind: 'endpoint';
  id: string;
  /** null: deleted, or not among those that were read. */
  path: string | null;
  failed: number;
  calls: number;
}
export interface Expiring {
  kind: 'expiring';
  noun: 'key' | 'token';
  id: string;
  name: string;
  expiresAt: string;
  isExpired: boolean;
}
export interface UsedQuota {
  kind: 'quota';
  id: string;
  alias: string;
  calls: number;
  perDay: number;
}
/** An alert that fires, or whose last message did not arrive. */
export interface LoudAlert {
  kind: 'alert';
  id: string;
  path: string;
  /** null: it does not fire; its receiver did not take the last message. */
  since: string | null;
}
export type Attention = LoudAlert | FailingEndpoint | Expiring | UsedQuota;

interface Credential {
  id: string;
  expiresAt: string | null;
}

type Alert = Pick<ListedAlert, 'endpoint' | 'since' | 'lastResult'>;

/** Returns alerts that fire, and those whose last message did not arrive. */
export const loudAlerts = (alerts: readonly Alert[]): LoudAlert[] =>
  alerts.flatMap(({ endpoint: { id, path }, since, lastResult }) =>
    since !== null || (lastResult !== null && !isDelivered(lastResult))
      ? [{ kind: 'alert' as const, id, path, since }]
      : [],
  );

/** Returns endpoints with failed calls, those with most failures first, at most five. */
export const failingEndpoints = (
  groups: readonly Group[],
  endpoints: readonly { id: string; path: string }[],
): FailingEndpoint[] =>
  groups
    .map((group) => ({ id: group.group, failed: failedIn(group), calls: group.calls }))
    .filter(({ failed }) => failed > 0)
    .toSorted((a, b) => b.failed - a.failed)
    .slice(0, MAX_ENDPOINTS)
    .map((one) => ({ kind: 'endpoint', path: endpoints.find(({ id }) => id === one.id)?.path ?? null, ...one }));

/** Returns the times between which a credential expires that is shown. */
export const expiresAround = (now: number) => ({
  expiresAfter: new Date(now - SOON_MS).toISOString(),
  expiresBefore: new Date(now + SOON_MS).toISOString(),
});

/** Returns active keys and tokens that the service found to expire, the first to expire first. `now` is in Unix milliseconds. */
export const expiring = (
  keys: readonly (Credential & { alias: string; active: boolean })[],
  tokens: readonly (Credential & { name: string })[],
  now: number,
): Expiring[] =>
  [
    ...keys.filter(({ active }) => active).map(({ alias, ...key }) => ({ ...key, noun: 'key' as const, name: alias })),
    ...tokens.map((token) => ({ ...token, noun: 'token' as const })),
  ]
    .flatMap(({ noun, id, name, expiresAt }) =>
      expiresAt === null
        ? []
        : [{ kind: 'expiring' as const, noun, id, name, expiresAt, isExpired: Date.parse(expiresAt) <= now }],
    )
    .toSorted((a, b) => Date.parse(a.expiresAt) - Date.parse(b.expiresAt));

/** Returns keys that have used most of their quota of the day; `groups` are the calls of today by key. */
export const usedQuotas = (
  keys: readonly { id: string; alias: string; quota: { perDay: number | null } }[],
  groups: readonly Group[],
): UsedQuota[] =>
  keys.flatMap(({ id, alias, quota: { perDay } }) => {
    const calls = groups.find(({ group }) => group === id)?.calls ?? 0;
    return perDay !== null && calls >= perDay * NEARLY
      ? [{ kind: 'quota' as const, id, alias, calls: usedOf(calls, perDay), perDay }]
      : [];
  });

/** Returns the start of the day of UTC in which quotas count. */
export const startOfDay = (now: number): string => new Date(Math.floor(now / DAY_MS) * DAY_MS).toISOString();
