import { applyEdits, findNodeAtLocation, getNodeValue, modify, parseTree, type JSONPath } from 'jsonc-parser';
import { isObject } from '../../../../src/kernel/json.rules.ts';

type Document = Record<string, unknown>;

/** Lists whose items are matched by their names. */
const isNamed = (value: unknown): value is Document[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isObject(item) && typeof item.name === 'string');

interface Change {
  path: JSONPath;
  /** undefined removes the field or item. */
  value: unknown;
}

/**
 * Returns the text of a file in which the document at `base` has what changed in the service, from `before` to `after`; comments and all
 * else stay. A field that the differences of the target have (`on`) is changed there.
 */
export function takeChanges(text: string, base: JSONPath, target: string, before: Document, after: Document): string {
  const on: JSONPath = [...base, 'on', target];
  let changed = text;
  for (const { path, value } of listChanges(changed, base, [], before, after)) {
    const at = hasValue(changed, [...on, ...path]) ? [...on, ...path] : [...base, ...path];
    changed = setAt(changed, at, value);
  }
  return changed;
}

const hasValue = (text: string, path: JSONPath): boolean => {
  const root = parseTree(text);
  return root !== undefined && findNodeAtLocation(root, path) !== undefined;
};

/** Sets or, for undefined, removes a value. */
export function setAt(text: string, path: JSONPath, value: unknown): string {
  if (value === undefined && !hasValue(text, path)) return text;
  const edits = modify(text, path, value, { formattingOptions: { insertSpaces: true, tabSize: 2, eol: '\n' } });
  return applyEdits(text, edits);
}

function listChanges(text: string, base: JSONPath, path: JSONPath, before: unknown, after: unknown): Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => listChanges(text, base, [...path, name], before[name], after[name]));
  }
  if (isNamed(before) && isNamed(after)) {
    const inFile = valueAt(text, [...base, ...path]);
    // Only a list of the file whose items have names is changed by name; else it is replaced.
    if (isNamed(inFile)) return [{ path, value: mergeNamed(inFile, before, after) }];
  }
  return [{ path, value: after }];
}

function valueAt(text: string, path: JSONPath): unknown {
  const root = parseTree(text);
  const node = root && findNodeAtLocation(root, path);
  return node && getNodeValue(node);
}

/** Returns the items of the file with those that the service changed, added or removed. */
function mergeNamed(inFile: Document[], before: Document[], after: Document[]): Document[] {
  const byName = (list: Document[]) => new Map(list.map((item) => [item.name, item]));
  const [old, now, own] = [byName(before), byName(after), byName(inFile)];
  const kept = inFile.flatMap((item) => {
    const [was, is] = [old.get(item.name), now.get(item.name)];
    if (was !== undefined && is === undefined) return [];
    return [is === undefined || JSON.stringify(was) === JSON.stringify(is) ? item : is];
  });
  return [...kept, ...after.filter(({ name }) => !own.has(name) && !old.has(name))];
}
