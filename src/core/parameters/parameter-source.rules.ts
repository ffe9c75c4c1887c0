import { isClosedToParameters } from '../../kernel/http-headers';
import { acceptedNames } from './parameter-name.rules';
import type { EndpointParameter } from './parameter.schema';
import type { FileField, SentInput } from './sent';

/** A value that was sent for a parameter, and its name as sent. */
export interface SentValue {
  name: string;
  value: unknown;
}

/**
 * Lists that were sent item by item, by the name before the bracket: `tags[]=x&tags[]=y` or `tags[0]=x&tags[1]=y`, as axios, jQuery, qs and
 * callers of PHP write them. `[]` has the index Infinity: its items keep their order.
 */
export interface Bracketed<T> {
  lists: Map<string, Entry<T>[]>;
  keys: Set<string>;
}
interface Entry<T> {
  index: number;
  key: string;
  items: T[];
}

const BRACKETS = /^(.+)\[([0-9]{0,6})\]$/s;

/** Finds such names among the keys that feed a list. `itemsOf` returns the items under a key. */
export function findBracketed<T>(
  keys: Iterable<string>,
  lists: ReadonlySet<string>,
  itemsOf: (key: string) => T[],
): Bracketed<T> {
  const found: Bracketed<T> = { lists: new Map(), keys: new Set() };
  for (const key of keys) {
    const [, base, index] = key.endsWith(']') ? (BRACKETS.exec(key) ?? []) : [];
    if (base === undefined || !lists.has(base)) continue;
    const before = found.lists.get(base) ?? [];
    before.push({ index: index === '' ? Infinity : Number(index), key, items: itemsOf(key) });
    found.lists.set(base, before);
    found.keys.add(key);
  }
  return found;
}

/** Returns the items of one list in their order, under the first of the names that were sent. */
export function listOf<T>(entries: readonly Entry<T>[]): SentValue & { value: T[] } {
  const sorted = entries.toSorted((a, b) => (a.index === b.index ? 0 : a.index - b.index));
  return { name: sorted[0]!.key, value: sorted.flatMap(({ items }) => items) };
}

/** All input of parameters. Bracketed names are found once for all of them. */
export interface Sources extends Omit<SentInput, 'query' | 'segments' | 'named'> {
  search: URLSearchParams | null;
  pathSegments: string[];
  pathNames: ReadonlyMap<string, string>;
  bracketedFields: Bracketed<unknown>;
  bracketedQuery: Bracketed<string>;
  bracketedFiles: Bracketed<FileField>;
}

/** Returns the values sent for one parameter under each of its names; none for names that were not sent. */
export type ReadSent = (sources: Sources) => SentValue[];

/** Adds the value that was sent under one name. */
type Collect = (name: string, sources: Sources, sent: SentValue[]) => void;

/** Compiles the reader of one parameter. `segment` is the index of a path parameter among those after the path; null: the path names it. */
export function compileSource(
  parameter: EndpointParameter,
  all: readonly EndpointParameter[],
  segment: number | null,
): ReadSent {
  if (parameter.in === 'path') {
    return ({ pathSegments, pathNames }) => {
      const value = segment === null ? pathNames.get(parameter.name) : pathSegments[segment];
      return value === undefined ? [] : [{ name: parameter.name, value }];
    };
  }
  // Endpoints that were saved before a header was reserved may still name it.
  const names = acceptedNames(parameter, all).filter(
    (name) => parameter.in !== 'header' || !isClosedToParameters(name.toLowerCase()),
  );
  const collect = collectorOf(parameter);
  return (sources) => {
    const sent: SentValue[] = [];
    for (const name of names) collect(name, sources, sent);
    return sent;
  };
}

function collectorOf({ in: place, type }: EndpointParameter): Collect {
  if (place === 'header') return collectHeader;
  if (place === 'query') return type === 'array' ? collectQueryList : collectQuery;
  return type === 'file' ? collectFiles : type === 'array' ? collectFieldList : collectField(type === 'json');
}

const collectHeader: Collect = (name, { header }, sent) => {
  const value = header(name);
  if (value !== null) sent.push({ name, value });
};

const collectQuery: Collect = (name, { search }, sent) => {
  const value = search!.get(name);
  if (value !== null) sent.push({ name, value });
};

const collectQueryList: Collect = (name, { search, bracketedQuery }, sent) => {
  const values = search!.getAll(name);
  // One value may be the whole list as JSON, as in a form.
  if (values.length > 0) sent.push({ name, value: values.length > 1 ? values : values[0] });
  const entries = bracketedQuery.lists.get(name);
  if (entries !== undefined) sent.push(listOf(entries));
};

/** null is a value for the type json, and a missing value for every other type. */
const collectField =
  (takesNull: boolean): Collect =>
  (name, { fields }, sent) => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (value !== undefined && (value !== null || takesNull)) sent.push({ name, value });
  };

const collectFieldList: Collect = (name, { fields, bracketedFields }, sent) => {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (value !== undefined && value !== null) sent.push({ name, value });
  const entries = bracketedFields.lists.get(name);
  if (entries !== undefined) sent.push(listOf(entries));
};

/** Collects files, and other values in the place of a file; not the empty text of a file input without a choice. */
const collectFiles: Collect = (name, { fields, fieldsAreText, files, bracketedFields, bracketedFiles }, sent) => {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field !== undefined && field !== null && !(fieldsAreText && field === '')) sent.push({ name, value: field });
  const list = files.get(name);
  if (list !== undefined) sent.push({ name, value: list });
  for (const entries of [bracketedFiles.lists.get(name), bracketedFields.lists.get(name)])
    if (entries !== undefined) sent.push(listOf<unknown>(entries));
};

const JSON_PART = /^application\/([a-z0-9.-]+\+)?json\b/i;

/** Returns whether a part is JSON. A browser sends such a part as a file called `blob`, though no file was chosen. */
export const isJsonPart = ({ type }: Pick<FileField, 'type'>): boolean => JSON_PART.test(type);
