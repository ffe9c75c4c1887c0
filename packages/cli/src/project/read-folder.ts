import { isObject } from '../../../../src/kernel/json.rules.ts';
import { canonicalJson } from '../../../../src/kernel/normal-form.ts';
import { sha256Hex } from '../../../../src/kernel/signed.ts';
import { JSON_KINDS, parseDocument, type JsonKind } from '../../../../src/core/projects/documents/documents.ts';
import { identityOf } from '../../../../src/core/projects/plan/read-pushed.ts';
import type { BuiltFiles } from '../../../../src/core/publishing/handlers/source-files.schema.ts';
import type { Target } from './find-project.ts';
import { fileIssuesOf } from './file-issues.ts';
import { locate, parseJsonc, type FileIssue, type Jsonc } from './jsonc.ts';
import { forTarget, nameIn } from './for-target.ts';
import { issueIn, readText } from './read-text.ts';
import { ENTRY_FILES, findEntries, scanProject, type ProjectPath } from './scan.ts';

/** An object of the folder, as it is pushed to a target. */
export interface FolderObject {
  kind: JsonKind | 'handler';
  identity: string;
  sha256: string;
  /** Settings; undefined for a handler. */
  document?: Record<string, unknown>;
  /** Source of a handler; undefined for the other kinds. */
  source?: string;
  /** Files of the folder that a handler is, by path, the entry among them; undefined for one of a single file. */
  parts?: Record<string, string>;
  /** Files of a handler of many files; `document` is then theirs. */
  built?: BuiltFiles;
  file: string;
  /** Place of the document in its file: [] is the whole file. */
  base: (string | number)[];
  /** The parsed file; undefined for a handler. */
  jsonc?: Jsonc;
}

export interface Folder {
  objects: FolderObject[];
  fileIssues: FileIssue[];
}

/** Reads all objects of a project for a target, and every issue in its files. */
export function readFolder(folder: string, target: Target): Folder {
  const paths = scanProject(folder);
  const known = new Set(paths.map(({ path }) => path));
  const place = { target, known, entryOf: findEntries([...known]) };
  const read = paths.map((path) => readPath(folder, path, place));
  const objects = read.flatMap((part) => part.objects);
  for (const { text, path, entry } of read.flatMap(({ parts }) => parts ?? [])) {
    const handler = objects.find(({ file }) => file === entry);
    if (handler) handler.parts = { [handler.file]: handler.source!, ...handler.parts, [path]: text };
  }
  return { objects, fileIssues: [...read.flatMap((part) => part.fileIssues), ...twice(objects)] };
}

/** A project as its files see it. */
interface Surroundings {
  target: Target;
  /** All files that are pushed. */
  known: ReadonlySet<string>;
  entryOf: (path: string) => string | undefined;
}
type Read = Folder & { parts?: { text: string; path: string; entry: string }[] };

const withIssues = (...fileIssues: FileIssue[]): Folder => ({ objects: [], fileIssues });

function readPath(folder: string, { kind, path, isLink, entry }: ProjectPath, around: Surroundings): Read {
  if (isLink) return withIssues(issueIn(path, 'is a symbolic link, which portico does not follow'));
  const read = readText(folder, path);
  if ('fileIssue' in read) return withIssues(read.fileIssue);
  const { text } = read;
  if (kind === 'part') return { objects: [], fileIssues: [], parts: [{ text, path, entry: entry! }] };
  if (kind === 'handler') return { objects: [toHandler(path, text)], fileIssues: [] };
  const parsed = parseJsonc(path, text);
  if ('fileIssues' in parsed) return withIssues(...parsed.fileIssues);
  return readDocuments(kind, parsed.read, around);
}

function toHandler(file: string, source: string): FolderObject {
  return {
    kind: 'handler',
    identity: file.slice('handlers/'.length),
    sha256: sha256Hex(source),
    source,
    file,
    base: [],
  };
}

interface Found {
  kind: JsonKind;
  /** Name of an entry; the other kinds have theirs in the document. */
  name?: string;
  base: (string | number)[];
  value: unknown;
}

function readDocuments(kind: 'endpoint' | 'table' | 'entries', jsonc: Jsonc, around: Surroundings): Folder {
  const parts = listDocuments(kind, jsonc).map((found) => readDocument(found, jsonc, around));
  return {
    objects: parts.flatMap(({ objects }) => objects),
    fileIssues: parts.flatMap(({ fileIssues }) => fileIssues),
  };
}

function listDocuments(kind: 'endpoint' | 'table' | 'entries', { file, value }: Jsonc): Found[] {
  if (kind === 'endpoint' && Array.isArray(value))
    return value.map((item: unknown, i) => ({ kind, base: [i], value: item }));
  if (kind !== 'entries' || !isObject(value))
    return [{ kind: kind === 'entries' ? entryKind(file) : kind, base: [], value }];
  return Object.entries(value)
    .filter(([name]) => name !== '$schema')
    .map(([name, entry]) => ({ kind: entryKind(file), name, base: [name], value: entry }));
}

const entryKind = (file: string) => ENTRY_FILES[file as keyof typeof ENTRY_FILES];

function readDocument({ kind, name, base, value }: Found, jsonc: Jsonc, around: Surroundings): Folder {
  const { file } = jsonc;
  const { target } = around;
  if (!isObject(value)) return withIssues(issueIn(file, 'must be an object', locate(jsonc, base)));
  const made = forTarget(kind, value, { ...around, file });
  if ('message' in made) return withIssues(issueIn(file, made.message, locate(jsonc, [...base, ...made.path])));
  const read = parseDocument(kind, made.document);
  if ('issues' in read)
    return withIssues(...fileIssuesOf(jsonc, [[...base, 'on', target.name], base], read.issues, JSON_KINDS[kind]));
  const mapped = kind === 'key' && name !== undefined ? nameIn(target.names.keys, name) : name;
  const identity = mapped ?? identityOf(kind, read.normal)!;
  const sha256 = sha256Hex(canonicalJson(made.document));
  return { objects: [{ kind, identity, sha256, document: made.document, file, base, jsonc }], fileIssues: [] };
}

function twice(objects: readonly FolderObject[]): FileIssue[] {
  const first = new Map<string, FolderObject>();
  return objects.flatMap((object) => {
    const label = `${object.kind} ${object.identity}`;
    const other = first.get(label);
    if (other === undefined) first.set(label, object);
    const place = object.jsonc ? locate(object.jsonc, object.base) : undefined;
    return other === undefined ? [] : [issueIn(object.file, `${label} is also in ${other.file}`, place)];
  });
}
