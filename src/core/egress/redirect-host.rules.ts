import { isPublicSuffix } from './host-names.rules';

/*
 * Hosts to which responses of an endpoint may redirect, besides Portico's own: the setting `response.redirects`.
 */

const LABEL = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^(\\*\\.${LABEL}\\.)?(${LABEL}\\.)*${LABEL}(:[0-9]{1,5})?$`);
/** A program on the caller's own machine, which has no certificate: the redirect target of sign-ins of command-line tools. */
const LOOPBACK = new Set(['localhost', '127.0.0.1']);

/** Any host. A caller cannot see where the redirect leads, so only an admin may list it. */
export const ANY_HOST = '*';

/** Returns why an entry of `response.redirects` cannot be used, or null. */
export function redirectHostIssue(host: string): string | null {
  if (host === ANY_HOST) return null;
  if (host.length > 253 || !HOST.test(host))
    return 'must be a lower case host such as shop.example.com, *.example.com or localhost:3000, or * for any';
  const [name = ''] = host.split(':');
  if (name.startsWith('*.') && isPublicSuffix(name.slice(2)))
    return 'is too broad: anybody can register a name below it; * is for any host';
  return null;
}

/** Returns whether a URL, which may be relative, is on the service or a listed host. Only https, except for a listed localhost. */
export function leadsTo(
  { origin, redirects }: { origin: string; redirects: readonly string[] },
  target: string,
): boolean {
  let url: URL;
  try {
    url = new URL(target, `${origin}/u/`);
  } catch {
    return false;
  }
  if (url.username !== '' || url.password !== '') return false;
  if (url.origin === origin) return true;
  const isLoopback = url.protocol === 'http:' && LOOPBACK.has(url.hostname);
  if (url.protocol !== 'https:' && !isLoopback) return false;
  return redirects.some((rule) =>
    rule === ANY_HOST ? !isLoopback : rule.startsWith('*.') ? url.host.endsWith(rule.slice(1)) : url.host === rule,
  );
}
