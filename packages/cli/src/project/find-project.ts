import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toIssues } from '../../../../src/kernel/issues.ts';
import { ProjectFile } from '../../../../src/core/projects/files/project-file.ts';
import { EXIT, Failure } from '../failure.ts';
import { fileIssuesOf } from './file-issues.ts';
import { parseJsonc, renderFileIssues, type FileIssue } from './jsonc.ts';

export const PROJECT_FILE = 'portico.jsonc';

/** A folder with `portico.jsonc`. */
export interface Project {
  folder: string;
  file: ProjectFile;
}

/** One of the services of a project. */
export interface Target {
  name: string;
  origin: string;
  executor: string | undefined;
  isProtected: boolean;
  names: ProjectFile['targets'][string]['names'];
}

/** Finds the project of a folder, here or above. Throws a Failure when there is none, or its file is invalid. */
export function findProject(from: string): Project {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, PROJECT_FILE))) return readProject(folder);
    if (dirname(folder) === folder)
      throw new Failure(`no ${PROJECT_FILE} in ${from} or above. Make a project with portico init.`, EXIT.usage);
  }
}

function readProject(folder: string): Project {
  const fail = (fileIssues: readonly FileIssue[]): never => {
    throw new Failure(renderFileIssues(fileIssues));
  };
  const parsed = parseJsonc(PROJECT_FILE, readFileSync(join(folder, PROJECT_FILE), 'utf8').replace(/^\uFEFF/, ''));
  if ('fileIssues' in parsed) return fail(parsed.fileIssues);
  const { value } = parsed.read;
  const { $schema: _schema, ...document } = Object(value) as Record<string, unknown>;
  const checked = ProjectFile.safeParse(document);
  if (!checked.success) return fail(fileIssuesOf(parsed.read, [[]], toIssues(checked.error), ProjectFile));
  return { folder, file: checked.data };
}

/** Returns the target of a name, of the project's default, or the only one. Throws a Failure of usage. */
export function targetOf({ file }: Project, name: string | undefined): Target {
  const names = Object.keys(file.targets);
  const chosen = name ?? file.default ?? (names.length === 1 ? names[0] : undefined);
  const target = chosen !== undefined && Object.hasOwn(file.targets, chosen) ? file.targets[chosen] : undefined;
  if (chosen === undefined || target === undefined)
    throw new Failure(
      chosen === undefined
        ? `name a target with --target: ${names.join(', ')}`
        : `${PROJECT_FILE} has no target ${chosen}, only ${names.join(', ')}`,
      EXIT.usage,
    );
  return {
    name: chosen,
    origin: new URL(target.url).origin,
    executor: target.executor,
    isProtected: target.protected,
    names: target.names,
  };
}
