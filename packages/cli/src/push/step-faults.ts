import { JSON_KINDS, type JsonKind } from '../../../../src/core/projects/documents/documents.ts';
import { faultsOf } from '../project/issue-faults.ts';
import type { Fault } from '../project/jsonc.ts';
import type { FolderObject } from '../project/read-folder.ts';
import type { PlanStep } from '../service/protocol.ts';

/** Converts the issues that the service found in objects of the folder to faults with line and column. */
export function toFaults(objects: readonly FolderObject[], steps: readonly PlanStep[]): Fault[] {
  const byLabel = new Map(objects.map((object) => [`${object.kind} ${object.identity}`, object]));
  return steps.flatMap(({ kind, identity, issues = [] }) => {
    const object = byLabel.get(`${kind} ${identity}`);
    if (object === undefined || issues.length === 0) return [];
    if (object.jsonc === undefined || object.kind === 'handler')
      return issues.map(({ message }) => ({ file: object.file, line: 1, column: 1, message }));
    return faultsOf(object.jsonc, [object.base], issues, JSON_KINDS[object.kind satisfies JsonKind]);
  });
}
