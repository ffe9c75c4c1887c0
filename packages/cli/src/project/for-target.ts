import { isObject } from '../../../../src/kernel/json.rules.ts';
import { LANGUAGE_OF_EXTENSION } from '../../../../src/core/code/artifact.ts';
import type { JsonKind } from '../../../../src/core/projects/documents/documents.ts';
import type { Target } from './find-project.ts';

type Document = Record<string, unknown>;
interface Place {
  target: Target;
  file: string;
  /** All files that are pushed. */
  known: ReadonlySet<string>;
  /** Finds the entry of the folder that a file belongs to. */
  entryOf: (path: string) => string | undefined;
}

/** Returns a document as it is for a target: differences applied, handler and executor filled in, names of the target. */
export function forTarget(
  kind: JsonKind,
  value: Document,
  { target, file, known, entryOf }: Place,
): { document: Document } | { message: string; path: string[] } {
  const { $schema: _schema, on, ...rest } = value;
  if (on !== undefined && !isObject(on))
    return { message: 'on must be an object of differences by target', path: ['on'] };
  const differences: unknown = on !== undefined && Object.hasOwn(on, target.name) ? on[target.name] : undefined;
  if (differences !== undefined && !isObject(differences))
    return { message: 'the differences of a target must be an object', path: ['on', target.name] };
  const document = mergePatch(rest, differences ?? {}) as Document;
  if (kind !== 'endpoint') return { document };
  const handler = document.handler ?? handlerBeside(file, known, entryOf(file));
  if (handler === null) return { message: 'handler is required: there is no source beside this file', path: [] };
  const executor = document.executor ?? target.executor;
  const { users, keys } = target.names;
  const named = {
    ...document,
    handler,
    ...(executor !== undefined && {
      executor: typeof executor === 'string' ? nameIn(users, executor) : executor,
    }),
  };
  return { document: withKeys(named, keys) };
}

/** Returns the name that a target has for another. */
export const nameIn = (names: Record<string, string>, name: string): string =>
  Object.hasOwn(names, name) ? names[name]! : name;

/** Replaces the aliases of keys by those of the target. */
function withKeys(document: Document, names: Record<string, string>): Document {
  const { access } = document;
  if (!isObject(access) || !Array.isArray(access.keys)) return document;
  const keys = access.keys.map((key: unknown) => (typeof key === 'string' ? nameIn(names, key) : key));
  return { ...document, access: { ...access, keys } };
}

/**
 * Returns the path of the handler of the same name as an endpoint's file, in its folder, or of the one that has many files, in its folder;
 * null when there is none.
 */
function handlerBeside(file: string, known: ReadonlySet<string>, entry: string | undefined): string | null {
  const stem = file.slice(0, -'.endpoint.jsonc'.length);
  const extension = Object.keys(LANGUAGE_OF_EXTENSION).find((one) => known.has(`${stem}.${one}`));
  const path = entry ?? (extension === undefined ? undefined : `${stem}.${extension}`);
  return path?.startsWith('handlers/') ? path.slice('handlers/'.length) : null;
}

/** Applies a JSON Merge Patch (RFC 7396): null removes a field, lists are replaced. */
export function mergePatch(value: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Document = isObject(value) ? { ...value } : {};
  for (const [name, part] of Object.entries(patch)) {
    if (part === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], part);
  }
  return merged;
}
