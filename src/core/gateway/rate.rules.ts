import type { EndpointRules } from '../publishing/endpoints/endpoint.schema';

type RateLimit = NonNullable<EndpointRules['rateLimit']>;

/** One window in which the calls of an endpoint are counted. */
export interface RateWindow {
  /** Its name in headers and problems. */
  name: string;
  limit: number;
  windowSeconds: number;
  by: RateLimit['by'];
  /** Treatment of a call that cannot be counted. */
  whenUnavailable: 'refuse' | 'allow';
}

const NAMES: Record<number, string> = { 1: 'second', 60: 'minute', 3600: 'hour', 86_400: 'day' };

/** Returns the windows of an endpoint with their names: `minute`, `90s`, or `minute-ip` where two have one length. */
export function compileWindows(rule: EndpointRules['rateLimit']): RateWindow[] {
  if (rule === null) return [];
  const { also = [], whenUnavailable = 'refuse', ...first } = rule;
  const windows = [first, ...also];
  return windows.map((window) => {
    const name = NAMES[window.windowSeconds] ?? `${window.windowSeconds}s`;
    const isOnly = windows.filter(({ windowSeconds }) => windowSeconds === window.windowSeconds).length === 1;
    return { ...window, whenUnavailable, name: isOnly ? name : `${name}-${window.by}` };
  });
}

/** How much of one policy is left, for the headers of a response. */
export interface Counted {
  name: string;
  limit: number;
  windowSeconds: number;
  left: number;
  resetSeconds: number;
}

/**
 * Returns the header fields of the IETF draft "RateLimit header fields for HTTP" (draft-ietf-httpapi-ratelimit-headers, version 10): structured
 * lists of policies, and of what is left of each.
 */
export const rateHeaders = (counted: readonly Counted[]): Record<string, string> => ({
  'ratelimit-policy': counted
    .map(({ name, limit, windowSeconds }) => `"${name}";q=${limit};w=${windowSeconds}`)
    .join(', '),
  ratelimit: counted.map(({ name, left, resetSeconds }) => `"${name}";r=${left};t=${resetSeconds}`).join(', '),
});
