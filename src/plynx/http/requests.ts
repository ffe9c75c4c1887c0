import type { LinkEnd } from '../edit/edit-graph.rules';
import type { Parsed } from '../document/graph.schema';
import { ApiError } from '../../kernel/errors';
import { parseForJavaScript } from '../../kernel/long-integers';
import { pythonInt, shortRepr } from '../document/python.rules';
import { isObject } from '../../kernel/json.rules';
import { exactUtf8, fromBase64 } from '../../kernel/encoding';

/** A parsed request, or its error in the words that the client gets. */
const read = <T>(value: T): Parsed<T> => ({ kind: 'parsed', value });
const wrong = (message: string): { kind: 'refused'; message: string } => ({ kind: 'refused', message });

type Body = Record<string, unknown>;

/**
 * Parses a JSON object from a body. The content type is ignored, as in PLynx. An integer beyond JavaScript's range becomes a string of
 * digits, which a parameter accepts as well.
 */
export function readObject(text: string): Parsed<Body> {
  try {
    const value: unknown = parseForJavaScript(text);
    return isObject(value) ? read(value) : wrong('Expected a JSON object');
  } catch (error) {
    return wrong(error instanceof ApiError ? error.message : 'Expected json data');
  }
}

/** Parses name and password of HTTP Basic. Without them, or under another scheme, PLynx assumes the user `default` without a password. */
export function readCredentials(header: string | null): { username: string; password: string } {
  const encoded = /^Basic\s+([A-Za-z0-9+/=_-]+)$/i.exec(header ?? '')?.[1];
  const text = encoded === undefined ? null : decodeBase64(encoded);
  const colon = text?.indexOf(':') ?? -1;
  if (text === null || colon < 0) return { username: 'default', password: '' };
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

function decodeBase64(encoded: string): string | null {
  try {
    return exactUtf8(fromBase64(encoded));
  } catch {
    return null;
  }
}

/** Parses the actions on a graph: PLynx's code reads `actions`, its documents have `action`; a list or a single one. */
export function readActions(body: Body): Parsed<string[]> {
  const posted = body.actions ?? body.action;
  const actions = typeof posted === 'string' ? [posted] : posted;
  if (!Array.isArray(actions)) return wrong('`actions` is missing');
  return actions.every((one) => typeof one === 'string') ? read(actions) : wrong('`actions` must be names of actions');
}

/** Parameters of a search. */
export interface Search {
  perPage: number;
  offset: number;
  search: string;
  statuses: string[];
  baseNodeNames: string[];
}

/** Maximum entries of one page; a document can have several MB. */
export const MAX_PER_PAGE = 100;

/** Parses the body of POST /search_graphs (`withBases` false) and /search_nodes. */
export function readSearch(body: Body, withBases: boolean): Parsed<Search> {
  const keys = ['per_page', 'offset', 'search', 'status', ...(withBases ? ['base_node_names'] : [])];
  const unknown = Object.keys(body).filter((key) => !keys.includes(key));
  if (unknown.length > 0) return wrong(`Unknown keys: \`{${unknown.slice(0, 20).map(shortRepr).join(', ')}}\``);
  const perPage = readCount(body.per_page, 20);
  const offset = readCount(body.offset, 0);
  if (perPage === undefined) return wrong(`invalid literal for per_page: ${shortRepr(body.per_page)}`);
  if (offset === undefined) return wrong(`invalid literal for offset: ${shortRepr(body.offset)}`);
  const statuses = readNames(body.status);
  const baseNodeNames = readNames(body.base_node_names);
  if (!statuses || !baseNodeNames) return wrong('`status` and `base_node_names` must be text or a list of texts');
  const search = body.search ?? '';
  if (typeof search !== 'string') return wrong('`search` must be text');
  return read({ perPage: Math.min(perPage, MAX_PER_PAGE), offset, search, statuses, baseNodeNames });
}

function readCount(value: unknown, fallback: number): number | undefined {
  const count = value === undefined || value === null ? fallback : pythonInt(value);
  return count !== undefined && count >= 0 && Number.isSafeInteger(count) ? count : undefined;
}

function readNames(value: unknown): string[] | undefined {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value === 'string') return [value];
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined;
}

/** Parses the two ends in the body of create_link and remove_link. */
export function readLink(body: Body): Parsed<{ from: LinkEnd; to: LinkEnd }> {
  const from = readEnd(body, 'from');
  if (from.kind === 'refused') return from;
  const to = readEnd(body, 'to');
  return to.kind === 'parsed' ? read({ from: from.value, to: to.value }) : to;
}

function readEnd(body: Body, side: 'from' | 'to'): Parsed<LinkEnd> {
  const end = body[side];
  if (!isObject(end)) return wrong(`\`${side}\` is missing`);
  if (typeof end.node_id !== 'string') return wrong(`\`${side}.node_id\` is missing`);
  if (typeof end.resource !== 'string') return wrong(`\`${side}.resource\` is missing`);
  return read({ nodeId: end.node_id, name: end.resource });
}

/** Parses the position in the body of insert_node; default 0, 0. */
export function readPlace(body: Body): Parsed<{ x: number; y: number }> {
  const [x, y] = [body.x ?? 0, body.y ?? 0].map(pythonInt);
  if (x === undefined) return wrong(`invalid literal for int() with base 10: ${shortRepr(body.x)}`);
  if (y === undefined) return wrong(`invalid literal for int() with base 10: ${shortRepr(body.y)}`);
  return read({ x, y });
}

/** Parses the flag `preview` of a resource: true in any case, or 1. */
export const readFlag = (value: string | null | undefined): boolean => /^(true|1)$/i.test(value ?? '');
