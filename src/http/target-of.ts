/**
 * What follows `prefix` in the path of a URL, as it was sent and not as a router would decode it; empty, which is no endpoint, where
 * only a decoded path would start with it.
 */
export function targetOf(url: string, prefix: string): string {
  const path = url.slice(url.indexOf('/', url.indexOf('//') + 2)).split(/[?#]/, 1)[0]!;
  return path.startsWith(prefix) ? path.slice(prefix.length) : '';
}
