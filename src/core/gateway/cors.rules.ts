/** Returns listed origins as browsers send them: in lower case, without the usual port. `*` stays. */
export const toOrigins = (listed: readonly string[]): ReadonlySet<string> =>
  new Set(listed.map((origin) => (URL.canParse(origin) ? new URL(origin).origin : origin)));

/** Checks whether a list of origins allows this one. */
const allows = (origins: ReadonlySet<string>, origin: string): boolean => origins.has('*') || origins.has(origin);

/** Returns the CORS headers of a response; none when the request names no origin or one that is not listed. */
export function corsHeaders(origins: ReadonlySet<string>, origin: string | null): Record<string, string> {
  if (origins.size === 0) return {};
  if (origin === null || !allows(origins, origin)) return { vary: 'origin' };
  return {
    'access-control-allow-origin': origins.has('*') ? '*' : origin,
    'access-control-expose-headers':
      'x-run-id, x-request-id, retry-after, ratelimit, ratelimit-policy, idempotent-replayed',
    vary: 'origin',
  };
}

/** Returns the response to a preflight, or null when CORS is not configured or the request is not a preflight. */
export function preflight(
  origins: ReadonlySet<string>,
  methods: string,
  headers: Headers,
): Record<string, string> | null {
  const origin = headers.get('origin');
  if (origins.size === 0 || origin === null || !headers.has('access-control-request-method')) return null;
  const base = corsHeaders(origins, origin);
  if (!('access-control-allow-origin' in base)) return base;
  const asked = headers.get('access-control-request-headers');
  return {
    ...base,
    'access-control-allow-methods': methods,
    ...(asked === null ? {} : { 'access-control-allow-headers': asked.slice(0, 1024) }),
    'access-control-max-age': '600',
    vary: 'origin, access-control-request-headers',
  };
}
