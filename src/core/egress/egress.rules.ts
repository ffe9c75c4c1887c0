import type { Issue } from '../../kernel/errors';
import type { PublicHosts } from '../../kernel/public-hosts.rules';
import { hasPublicSuffix, isPublicSuffix, leadsInside } from './host-names.rules';

/*
 * Hosts to which handlers may send requests. The list is checked when an endpoint is saved. The gate (send-outbound.ts) checks every
 * request against it, each hop of a redirect included.
 */

const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^(?=.*\\.)(\\*\\.)?(${LABEL}\\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`);
/** Names that resolve inside a private network, or to the machine itself. */
const INTERNAL =
  /(^|\.)(localhost|local|internal|intranet|lan|home|corp|private|localdomain|test|invalid|example|onion|arpa)$/;

/** A program on the machine of a local service. */
const LOCAL = /^localhost:([1-9][0-9]{0,4})$/;

/** Returns whether an entry of an `egress` list is `localhost:<port>`, which only a local service may have. */
export const isLocalUpstream = (host: string): boolean => Number(LOCAL.exec(host)?.[1] ?? 65_536) < 65_536;

/** Returns the issues of entries that only a local service may have, where this one is not local. */
export const localUpstreamIssues = (hosts: readonly string[], localPort: number | null): Issue[] =>
  localPort !== null
    ? []
    : hosts.flatMap((host, index) =>
        isLocalUpstream(host)
          ? [
              {
                pointer: `#/egress/${index}`,
                code: 'local_only',
                message: `${host} is a program on a developer's machine, which only a local service reaches: name a public host here, and this one in \`on.local\` of the file`,
              },
            ]
          : [],
      );

/**
 * Returns why a host of an `egress` list cannot be used, or null: `api.example.com`, or `*.example.com` for everything below it. Does
 * not resolve the name: a Worker cannot, and the address may change before the call.
 */
export function egressHostIssue(host: string): string | null {
  if (isLocalUpstream(host)) return null;
  if (host.length > 253 || !HOST.test(host))
    return 'must be a lower case host name such as api.example.com, or *.example.com; no address, port or path';
  const name = host.replace('*.', '');
  if (INTERNAL.test(name) || leadsInside(name)) return 'names an internal network';
  if (!hasPublicSuffix(name)) return 'does not end in a top-level domain of the internet';
  if (name !== host && isPublicSuffix(name)) return 'is too broad: anybody can register a name below it';
  return null;
}

const TO_SELF = 'requests to Portico itself are not allowed';

/** Returns whether `host` is on an egress list, by its name or below a `*.`. */
export const isListed = (host: string, hosts: readonly string[]): boolean =>
  hosts.some((rule) => (rule.startsWith('*.') ? host.endsWith(rule.slice(1)) : host === rule));

/**
 * Returns why a URL may not be fetched, or null. `hosts` is the endpoint's list; `own` are Portico's own host names, if known. A local
 * service also reaches `http://localhost:<port>` where the list has it.
 */
export function egressIssue(
  url: URL,
  hosts: readonly string[],
  { publicHosts: own, localPort }: { publicHosts: PublicHosts | null; localPort: number | null },
): string | null {
  const port = url.port || '80';
  if (localPort !== null && url.protocol === 'http:' && hosts.includes(`${url.hostname}:${port}`))
    return port === String(localPort) ? TO_SELF : null;
  if (url.protocol !== 'https:') return 'only https is allowed';
  if (url.username !== '' || url.password !== '') return 'the URL must not contain credentials';
  if (url.port !== '') return 'only the default port of https is allowed';
  const host = url.hostname.toLowerCase().replace(/\.$/, '');
  if (own?.includes(host)) return TO_SELF;
  if (isListed(host, hosts)) return null;
  return egressHostIssue(host) === null
    ? `${host} is not on the endpoint's egress list`
    : `${host} is not a public host name`;
}
