/** Longest header of which a cookie is read. */
const MAX_COOKIES = 16_384;

/**
 * Returns the name of the cookie of a session. With https, `__Host-` lets no other host set it; a host over plain http shares its cookies
 * among its ports, so that the name has the port.
 */
function cookieName(origin: string): string {
  const { protocol, port } = new URL(origin);
  return protocol === 'https:' ? '__Host-portico' : `portico-${port || '80'}`;
}

/** Returns the `Set-Cookie` of a session. 0 seconds delete the cookie. */
export function sessionCookie(origin: string, value: string, maxAgeSeconds: number): string {
  const secure = origin.startsWith('https:') ? '; Secure' : '';
  return `${cookieName(origin)}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`;
}

/** Returns the cookie of a session, or null. Two of that name are none: the other one may come from a different program of the host. */
export function readSessionCookie(headers: Headers, origin: string): string | null {
  const header = headers.get('cookie');
  if (header === null || header.length > MAX_COOKIES) return null;
  const start = `${cookieName(origin)}=`;
  const found = header
    .split(';')
    .map((one) => one.trim())
    .filter((one) => one.startsWith(start));
  return found.length === 1 ? found[0]!.slice(start.length) : null;
}
