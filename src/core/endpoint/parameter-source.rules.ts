import { Fault } from '../errors';
import { isClosedToParameters } from '../http-headers';
import { acceptedNames } from './parameter-name.rules';
import type { Parameter, ParameterType } from './parameter.schema';
import type { FileField, ParameterInput } from './parameters.rules';

/** Something that was sent for a parameter, and the name that it was sent under. */
export interface Sent {
  name: string;
  value: unknown;
}

/**
 * Lists that were sent item by item, by the name before the bracket: `tags[]=x&tags[]=y` or `tags[0]=x&tags[1]=y`, as axios, jQuery, qs and
 * PHP's callers write them. `[]` has the index Infinity: its items keep their order.
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

/** Finds such names among the keys that feed a list. `itemsOf` answers what stands under a key. */
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

/** The items of one list in their order, and the first of the names that it came under. */
export const inOrder = <T>(entries: Entry<T>[]): { name: string; items: T[] } => {
  const sorted = entries.toSorted((a, b) => (a.index === b.index ? 0 : a.index - b.index));
  return { name: sorted[0]!.key, items: sorted.flatMap(({ items }) => items) };
};

/** Everything that feeds parameters, with what was sent in brackets found once for all of them. */
export interface Sources extends ParameterInput {
  search: URLSearchParams | null;
  pathSegments: string[];
  bracketedFields: Bracketed<unknown>;
  bracketedQuery: Bracketed<string>;
  bracketedFiles: Bracketed<FileField>;
}

/** Answers what was sent for one parameter under each of its names; nothing for names that were not sent. */
export type ReadSent = (sources: Sources) => Sent[];

/** `segment` is the place of a path parameter among those of the path. */
export function compileSource(parameter: Parameter, all: readonly Parameter[], segment: number): ReadSent {
  const names = acceptedNames(parameter, all);
  const isList = parameter.type === 'array';
  switch (parameter.in) {
    case 'body':
      return parameter.type === 'file' ? fileSource(names) : fieldSource(names, parameter.type);
    case 'query':
      return querySource(names, isList);
    case 'path':
      return ({ pathSegments }) => {
        const value = pathSegments[segment];
        return value === undefined ? [] : [{ name: parameter.name, value }];
      };
    case 'header': {
      // Endpoints that were saved before a header was closed may still name it.
      const open = names.filter((name) => !isClosedToParameters(name.toLowerCase()));
      return ({ header }) =>
        open.flatMap((name): Sent[] => {
          const value = header(name);
          return value === null ? [] : [{ name, value }];
        });
    }
  }
}

function fieldSource(names: readonly string[], type: ParameterType): ReadSent {
  const isList = type === 'array';
  return ({ fields, fieldsAreText, files, bracketedFields }) =>
    names.flatMap((name): Sent[] => {
      const sent: Sent[] = [];
      const value = Object.hasOwn(fields, name) ? fields[name] : jsonParts(name, files.get(name));
      // null is a value of JSON, and nothing to every other type.
      if (value !== undefined && (value !== null || type === 'json'))
        sent.push({ name, value: fieldsAreText && Array.isArray(value) && !isList ? value[0] : value });
      const items = bracketedFields.lists.get(name);
      if (isList && items !== undefined) {
        const { name: key, items: list } = inOrder(items);
        sent.push({ name: key, value: list.flat() });
      }
      return sent;
    });
}

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const JSON_PART = /^application\/([a-z0-9.-]+\+)?json\b/i;

/** Is this JSON in a part of its own? A browser makes such a part a file, called `blob`, though no file was chosen. */
export const isJsonPart = ({ type }: Pick<FileField, 'type'>): boolean => JSON_PART.test(type);

/** The texts of files that are JSON: what was meant where no file is wanted. 400 `invalid_body` when one is not UTF-8. */
function jsonParts(name: string, files: FileField[] | undefined): string | string[] | undefined {
  if (files === undefined || !files.every(isJsonPart)) return undefined;
  try {
    const texts = files.map(({ bytes }) => DECODER.decode(bytes));
    return texts.length === 1 ? texts[0] : texts;
  } catch {
    throw new Fault('invalid_body', `The field ${name} is not UTF-8.`);
  }
}

/** A file's place in a form without one: text, unless it is the empty text of a file input in which nothing was chosen. */
function fileSource(names: readonly string[]): ReadSent {
  return ({ fields, fieldsAreText, files, bracketedFiles, bracketedFields }) =>
    names.flatMap((name): Sent[] => {
      const sent: Sent[] = [];
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field !== undefined && field !== null && !(fieldsAreText && field === '')) sent.push({ name, value: field });
      const list = files.get(name);
      if (list !== undefined) sent.push({ name, value: list });
      const items = bracketedFiles.lists.get(name);
      if (items !== undefined) {
        const { name: key, items: several } = inOrder(items);
        sent.push({ name: key, value: several });
      }
      const texts = bracketedFields.lists.get(name);
      if (texts !== undefined) sent.push({ name: texts[0]!.key, value: texts.flatMap((each) => each.items) });
      return sent;
    });
}

function querySource(names: readonly string[], isList: boolean): ReadSent {
  return ({ search, bracketedQuery }) =>
    names.flatMap((name): Sent[] => {
      if (!isList) {
        const value = search!.get(name);
        return value === null ? [] : [{ name, value }];
      }
      const values = search!.getAll(name);
      // One value may be the whole list as JSON, as in a form.
      const sent: Sent[] = values.length === 0 ? [] : [{ name, value: values.length > 1 ? values : values[0] }];
      const items = bracketedQuery.lists.get(name);
      if (items !== undefined) {
        const { name: key, items: list } = inOrder(items);
        sent.push({ name: key, value: list });
      }
      return sent;
    });
}
