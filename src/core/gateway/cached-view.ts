import { toJson } from '../../kernel/long-integers';
import type { HeaderReader } from '../../kernel/read-headers';
import { sha256Hex } from '../../kernel/signed';
import { ANONYMOUS, type Caller } from '../access/actor';
import type { CachePolicy } from './cache.rules';
import { toPairs } from './urlencoded';

/** The view of the handler of a cached call: nothing that is not in the key, so that no caller can shape the answer for another. */
export interface CachedView {
  key: string;
  caller: Caller;
  query: string;
  hasHeader: (name: string) => boolean;
}

/** The parts of a call on which an answer may depend. */
interface CacheableCall {
  kind: string;
  caller: Caller;
  method: string;
  request: { path: string; query: string; headers: HeaderReader; origin: string };
  body: ArrayBuffer | null;
  params: Record<string, unknown>;
  middlewareResults: readonly unknown[];
}

/** Returns what the handler of a call sees where its answer may be cached; null for any other call: its handler sees the whole request. */
export function viewOf(cache: CachePolicy, call: CacheableCall): CachedView | null {
  const { caller, request, method, body, params, middlewareResults, kind } = call;
  if (method !== 'GET' || body !== null || kind === 'schedule') return null;
  if (cache.by === 'key' && caller.kind !== 'key') return null;
  const { kind: callerKind, id, name, roles } = caller;
  const seen: Caller = cache.by === 'all' ? ANONYMOUS : { kind: callerKind, id, name, roles };
  const query = cache.query === null ? request.query : keepFields(request.query, cache.query);
  const headers = cache.headers.map((header) => request.headers.get(header));
  // Parameters are read from the whole query: `tags[]` is `tags`.
  const read = toJson(params, true);
  const parts = [cache.identity, request.origin, request.path, query, headers, seen, middlewareResults, read];
  return {
    key: sha256Hex(JSON.stringify(parts)),
    caller: seen,
    query,
    hasHeader: (header) => cache.headers.includes(header),
  };
}

/** Returns the fields of a query that count, as sent and in their order. */
const keepFields = (query: string, names: ReadonlySet<string>): string =>
  query
    .split('&')
    .filter((part) => [...toPairs(part).keys()].some((name) => names.has(name)))
    .join('&');
