/*
 * Hosts that answers of an endpoint may lead to, beside Portico's own: the setting `response.redirects`.
 */

const LABEL = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^(\\*\\.${LABEL}\\.)?(${LABEL}\\.)*${LABEL}(:[0-9]{1,5})?$`);
/** A program on the caller's own machine, which has no certificate: where sign-ins of command-line tools end. */
const LOOPBACK = new Set(['localhost', '127.0.0.1']);

/** Any host at all. Whoever is led away cannot see where to, so only an admin may list it. */
export const ANY_HOST = '*';

/** Why an entry of `response.redirects` cannot be used, or null. */
export const redirectHostFault = (host: string): string | null =>
  host === ANY_HOST || (host.length <= 253 && HOST.test(host))
    ? null
    : 'must be a lower case host such as shop.example.com, *.example.com or localhost:3000, or * for any';

/** Does a URL, which may be relative, stay on the service or lead to a listed host? Only https, but for a listed localhost. */
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
