import { JSON_KINDS, type JsonKind } from '../../../../src/core/projects/documents/documents.ts';
import { fileIssuesOf } from '../project/file-issues.ts';
import type { FileIssue } from '../project/jsonc.ts';
import type { FolderObject } from '../project/read-folder.ts';
import type { PlanStep } from '../service/protocol.ts';

/** Converts the issues that the service found in objects of the folder to issues with line and column. */
export function toFileIssues(objects: readonly FolderObject[], steps: readonly PlanStep[]): FileIssue[] {
  const byLabel = new Map(objects.map((object) => [`${object.kind} ${object.identity}`, object]));
  return steps.flatMap(({ kind, identity, issues = [] }) => {
    const object = byLabel.get(`${kind} ${identity}`);
    if (object === undefined || issues.length === 0) return [];
    if (object.jsonc === undefined || object.kind === 'handler')
      return issues.map(({ message }) => ({ file: object.file, line: 1, column: 1, message }));
    return fileIssuesOf(object.jsonc, [object.base], issues, JSON_KINDS[object.kind satisfies JsonKind]);
  });
}
