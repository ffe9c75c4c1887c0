import type { Bundle } from '../../runtime/types';
import { isClosedToParameters } from '../../kernel/http-headers';
import { sha256Hex } from '../../kernel/signed';
import { acceptedNames } from '../parameters/parameter-name.rules';
import type { EndpointParameter } from '../parameters/parameter.schema';
import type { Cache } from '../publishing/endpoints/cache.schema';

/** The cache of an endpoint, compiled. */
export interface CachePolicy {
  ttlMs: number;
  by: NonNullable<Cache>['by'];
  /** Headers that count, in lower case, sorted. */
  headers: readonly string[];
  /** Fields of the query that count; null: all. */
  query: ReadonlySet<string> | null;
  /** Changes with everything that an answer is made from, other than the call: code, settings, secrets, executor, middleware. */
  identity: string;
}

/** Compiles a cache. Null without one, and for graphs, whose answers are runs. */
export function compileCache(
  cache: Cache,
  parameters: readonly EndpointParameter[],
  bundle: Bundle | null,
  sources: readonly unknown[],
): CachePolicy | null {
  if (cache === null || bundle === null || bundle.artifact.graph) return null;
  const inPlace = (place: EndpointParameter['in']): string[] =>
    parameters.filter((each) => each.in === place).flatMap((each) => acceptedNames(each, parameters));
  const named = (prefix: string): string[] =>
    cache.vary.filter((text) => text.startsWith(prefix)).map((text) => text.slice(prefix.length));
  const headers = [...named('header:'), ...inPlace('header').map((name) => name.toLowerCase())];
  const fields = named('query:');
  return {
    ttlMs: cache.ttlSeconds * 1000,
    by: cache.by,
    headers: [...new Set(headers)].filter((name) => !isClosedToParameters(name)).sort(),
    query: fields.length === 0 ? null : new Set([...fields, ...inPlace('query')]),
    // A number of a version alone can come again after a restore of the database.
    identity: sha256Hex(JSON.stringify([bundle.id, bundle.generation, sources])),
  };
}

/**
 * Returns for how many milliseconds an answer may be kept: the time of the endpoint, or less where the handler says so; 0: not at all.
 * `control` is the Cache-Control of the handler, if any; `sent` are the headers that the caller gets.
 */
export function lifetimeOf({ ttlMs, by }: CachePolicy, status: number, control: string, sent: Headers): number {
  if (status < 200 || status > 299 || status === 206) return 0;
  if (sent.has('set-cookie') || sent.has('content-range') || (sent.get('vary') ?? '').includes('*')) return 0;
  if (/\bno-(store|cache)\b/i.test(control) || (by === 'all' && /\bprivate\b/i.test(control))) return 0;
  const age = /\bs-maxage=(\d+)/i.exec(control) ?? /\bmax-age=(\d+)/i.exec(control);
  return age === null ? ttlMs : Math.min(ttlMs, Number(age[1]) * 1000);
}

/** Compares an If-None-Match of a request with an ETag, weakly (RFC 9110, 13.1.2). */
export function isMatched(ifNoneMatch: string | null, etag: string | null): boolean {
  if (ifNoneMatch === null || etag === null) return false;
  const strong = (tag: string): string => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => strong(tag) === strong(etag));
}

export const etagOf = (body: string | Uint8Array): string => `"${sha256Hex(body).slice(0, 32)}"`;
