import { JSON_KINDS, type JsonKind } from '../../../../src/core/projects/documents/documents.ts';
import { fileIssuesOf } from '../project/file-issues.ts';
import type { FileIssue } from '../project/jsonc.ts';
import type { FolderObject } from '../project/read-folder.ts';
import type { Refused } from '../service/client.ts';
import type { ServiceIssue } from '../service/protocol.ts';

interface Found {
  kind: string;
  identity: string;
  issues?: readonly ServiceIssue[] | undefined;
}

/** Converts the issues that the service found in objects of the folder to issues with line and column. */
export function toFileIssues(objects: readonly FolderObject[], found: readonly Found[]): FileIssue[] {
  const byLabel = new Map(objects.map((object) => [`${object.kind} ${object.identity}`, object]));
  return found.flatMap(({ kind, identity, issues = [] }) => {
    const object = byLabel.get(`${kind} ${identity}`);
    if (object === undefined || issues.length === 0) return [];
    if (object.kind === 'handler') return issues.map((issue) => inSource(object, issue));
    if (object.jsonc === undefined)
      return issues.map(({ message }) => ({ file: object.file, line: 1, column: 1, message }));
    return fileIssuesOf(object.jsonc, [object.base], issues, JSON_KINDS[object.kind satisfies JsonKind]);
  });
}

/** Returns the issues of the refusal of a push as `toFileIssues` does; null where one is of no object of the folder. */
export function refusedIssues(objects: readonly FolderObject[], { issues }: Refused): FileIssue[] | null {
  const found = issues.map(({ pointer, ...issue }): Found => {
    const [, segment = '', rest = ''] = /^#\/([^/]*)(.*)$/.exec(pointer) ?? [];
    const label = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    const [kind = '', identity = ''] = label.split(/ (.*)/s);
    return { kind, identity, issues: [{ ...issue, pointer: `#${rest}` }] };
  });
  const placed = toFileIssues(objects, found);
  return placed.length === issues.length && issues.length > 0 ? placed : null;
}

/** A message names its place: `line 1, column 2: …`, after a path instead in a handler of many files. */
function inSource({ file }: FolderObject, { pointer, message, line, column }: ServiceIssue): FileIssue {
  const inOne = /^line (\d+), column (\d+): ([^]*)$/.exec(message);
  if (inOne) return { file, line: Number(inOne[1]), column: Number(inOne[2]), message: inOne[3]! };
  const inMany = pointer.startsWith('#/files') ? /^(.+?):(\d+):(\d+): ([^]*)$/.exec(message) : null;
  if (inMany) return { file: inMany[1]!, line: Number(inMany[2]), column: Number(inMany[3]), message: inMany[4]! };
  return { file, line: line ?? 1, column: column ?? 1, message };
}
