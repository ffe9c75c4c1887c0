import type { PublicHosts } from '../../kernel/public-hosts.rules';
import { ApiError } from '../../kernel/errors';

/** Settings and secrets, parsed once per isolate. A secret that is not set is null, and features that need it throw `not_configured`. */
export interface Settings {
  bootstrapToken: string | null;
  authSecret: Uint8Array | null;
  keyPepper: string | null;
  /** 32 bytes. */
  secretsKey: Uint8Array | null;
  /** Milliseconds for which an isolate may use cached definitions, sessions and tokens. */
  freshnessMs: number;
  /** Milliseconds for which an isolate may use a definition while D1 is unavailable; 0: as `freshnessMs`. */
  staleMs: number;
  retentionDays: number;
  /** Objects that share the runs of one day, by endpoint: 1 to 62. */
  runShards: number;
  /** How many of them share the runs of one endpoint. */
  runShardsPerEndpoint: number;
  /** Bytes at which an object of the run log takes no more runs of its day, and the next one does. */
  runObjectBytes: number;
  /** Bytes of all runs above which the oldest days are deleted. */
  runLogBytes: number;
  /** Days for which calls are counted by hour. */
  runStatsDays: number;
  /** Milliseconds for which an isolate collects run records before it sends them. */
  runBatchMs: number;
  /** The user `default` of the API of graphs exists, with an empty password. */
  defaultUser: boolean;
  /** Any caller may create a demo user of the API of graphs. */
  demoUsers: boolean;
  /** The id of a file of a graph is enough to read it. */
  openFiles: boolean;
  /** The port of a service on a developer's machine, whose endpoints may reach other programs there; null: deployed. */
  localPort: number | null;
  /** Origins that receive the requests to a host in its place, by host name: stand-ins on a developer's machine. */
  localEgress: ReadonlyMap<string, string>;
  /** null: every host name that the platform routes here. */
  publicHosts: PublicHosts | null;
  /** Hash of what the deploy uploaded, for /health; null in a local service. */
  release: string | null;
}

/** The secret that signs tokens. Throws 503 `not_configured` when the service has none. */
export function authSecret(settings: Pick<Settings, 'authSecret'>): Uint8Array {
  if (settings.authSecret === null) {
    throw new ApiError(
      'not_configured',
      'Users cannot sign in: the secret AUTH_SECRET is not set, or shorter than 32 bytes.',
    );
  }
  return settings.authSecret;
}
