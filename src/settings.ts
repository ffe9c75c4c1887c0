import type { Settings } from './core/access/settings';
import { createLogger } from './kernel/logger';
import { parsePublicHosts } from './kernel/public-hosts.rules';
import { fromBase64, utf8Length } from './kernel/encoding';

/** The variables and secrets that Portico reads. Secrets may be missing: features that need them report it, the rest works. */
export interface SettingsEnv {
  BOOTSTRAP_TOKEN?: string;
  AUTH_SECRET?: string;
  KEY_PEPPER?: string;
  SECRETS_KEY?: string;
  RUN_RETENTION_DAYS?: string;
  RUN_SHARDS?: string;
  RUN_SHARDS_PER_ENDPOINT?: string;
  RUN_OBJECT_GB?: string;
  RUN_LOG_GB?: string;
  RUN_STATS_DAYS?: string;
  FRESHNESS_SECONDS?: string;
  STALE_SECONDS?: string;
  RUN_BATCH_MS?: string;
  PLYNX_DEFAULT_USER?: string;
  PLYNX_DEMO?: string;
  PLYNX_OPEN_RESOURCES?: string;
  PUBLIC_HOSTS?: string;
  LOCAL_EGRESS?: string;
  LOCAL_SERVICE?: string;
  RELEASE?: string;
}

const log = createLogger('settings');

const MIN_SECRET_BYTES = 32;

/** Parses the environment once. Throws for an invalid variable: fail fast rather than run with rules that an admin did not choose. */
export function parseSettings(env: SettingsEnv): Settings {
  const authSecret = strong('AUTH_SECRET', env.AUTH_SECRET);
  const freshness = numberOf('FRESHNESS_SECONDS', env.FRESHNESS_SECONDS, 5, 0, 60);
  return {
    bootstrapToken: env.BOOTSTRAP_TOKEN ? env.BOOTSTRAP_TOKEN : null,
    authSecret: authSecret === null ? null : new TextEncoder().encode(authSecret),
    keyPepper: strong('KEY_PEPPER', env.KEY_PEPPER),
    secretsKey: keyOf('SECRETS_KEY', env.SECRETS_KEY),
    freshnessMs: Math.round(freshness * 1000),
    // An operator who has D1 read on every call does not want to use what an earlier call read.
    staleMs: Math.round(numberOf('STALE_SECONDS', env.STALE_SECONDS, freshness === 0 ? 0 : 120, 0, 3600) * 1000),
    retentionDays: numberOf('RUN_RETENTION_DAYS', env.RUN_RETENTION_DAYS, 30, 1, 3650),
    runShards: Math.floor(numberOf('RUN_SHARDS', env.RUN_SHARDS, 1, 1, 62)),
    runShardsPerEndpoint: Math.floor(numberOf('RUN_SHARDS_PER_ENDPOINT', env.RUN_SHARDS_PER_ENDPOINT, 1, 1, 62)),
    // An object holds 10 GB [Cloudflare's limit].
    runObjectBytes: numberOf('RUN_OBJECT_GB', env.RUN_OBJECT_GB, 8, 0.0001, 9.5) * 1e9,
    runLogBytes: numberOf('RUN_LOG_GB', env.RUN_LOG_GB, 100, 0.0001, 1_000_000) * 1e9,
    runStatsDays: numberOf('RUN_STATS_DAYS', env.RUN_STATS_DAYS, 400, 1, 3650),
    runBatchMs: numberOf('RUN_BATCH_MS', env.RUN_BATCH_MS, 500, 0, 10_000),
    defaultUser: env.PLYNX_DEFAULT_USER === '1',
    demoUsers: env.PLYNX_DEMO === '1',
    openFiles: env.PLYNX_OPEN_RESOURCES === '1',
    localPort: env.LOCAL_SERVICE ? numberOf('LOCAL_SERVICE', env.LOCAL_SERVICE, 0, 1, 65_535) : null,
    localEgress: standIns(env.LOCAL_EGRESS ?? ''),
    publicHosts: env.PUBLIC_HOSTS ? parsePublicHosts(env.PUBLIC_HOSTS) : null,
    release: env.RELEASE ? env.RELEASE : null,
  };
}

/** Returns a secret of at least 32 bytes. Returns null, and logs why, when it is missing or shorter. */
function strong(name: string, value: string | undefined): string | null {
  if (value !== undefined && utf8Length(value) >= MIN_SECRET_BYTES) return value;
  if (value) log.error('a secret is shorter than 32 bytes and is not used', { event: 'setting.invalid', name });
  else log.error('a secret is not set', { event: 'setting.missing', name });
  return null;
}

/** Returns the 32 bytes of a secret in base64. Returns null, and logs why, when it is missing or something else. */
function keyOf(name: string, value: string | undefined): Uint8Array | null {
  if (value !== undefined && /^[A-Za-z0-9+/]{43}=$/.test(value)) return fromBase64(value);
  if (value) log.error('a secret is not 32 bytes in base64 and is not used', { event: 'setting.invalid', name });
  else log.error('a secret is not set', { event: 'setting.missing', name });
  return null;
}

/** Parses `host=origin` entries, separated by commas or spaces. Throws an Error for an invalid entry. */
function standIns(text: string): Map<string, string> {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  return new Map(
    entries.map((entry) => {
      const [, host, origin] = /^([a-z0-9.-]+)=(https?:\/\/[^/]+)$/.exec(entry) ?? [];
      if (host === undefined || origin === undefined || !URL.canParse(origin))
        throw new Error(
          `LOCAL_EGRESS must be like api.example.com=http://127.0.0.1:4000, not ${JSON.stringify(entry)}`,
        );
      return [host, origin];
    }),
  );
}

function numberOf(name: string, text: string | undefined, fallback: number, min: number, max: number): number {
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!(value >= min && value <= max))
    throw new Error(`${name} must be a number from ${min} to ${max}, not ${JSON.stringify(text)}`);
  return value;
}
