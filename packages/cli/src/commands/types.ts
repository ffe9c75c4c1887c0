import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument, type JsonKind } from '../../../../src/core/projects/documents/documents.ts';
import { bundleHandlers } from '../build/bundle-handlers.ts';
import type { Call, Command } from '../command.ts';
import { EXIT, Failure, type Exit } from '../failure.ts';
import { findProject, targetOf, type Project } from '../project/find-project.ts';
import { renderFileIssues } from '../project/jsonc.ts';
import { writeOwnFiles } from '../project/own-files.ts';
import { readFolder } from '../project/read-folder.ts';
import { openSignedIn } from '../service/sign-in.ts';
import { renderTypes, type NormalObject } from '../../../../src/core/projects/types/render-types.rules.ts';

const TYPES_FILE = 'portico.d.ts';

export const types: Command = {
  about: `Writes ${TYPES_FILE}: parameters of each endpoint, rows of tables, names of secrets, and the context of handlers. It reads the files.\nIt also brings the schemas for editors, in .portico, up to date.`,
  options: {
    service: { type: 'boolean', help: 'Read what the service has of the project instead of the files' },
    check: { type: 'boolean', help: 'Write nothing; exit 2 when the file is out of date' },
  },
  run: async (call) => {
    const project = findProject(call.folder);
    const text = renderTypes(call.flag('service') ? await fromService(call, project) : fromFiles(call, project));
    const file = join(project.folder, TYPES_FILE);
    const isCurrent = existsSync(file) && readFileSync(file, 'utf8') === text;
    if (!call.flag('check')) {
      writeOwnFiles(project.folder);
      if (!isCurrent) writeFileSync(file, text);
    }
    call.io.say(
      isCurrent
        ? `${TYPES_FILE} is up to date.`
        : call.flag('check')
          ? `${TYPES_FILE} is out of date: run portico types`
          : `Wrote ${TYPES_FILE}.`,
    );
    call.io.result({ file, isCurrent });
    return !isCurrent && call.flag('check') ? EXIT.differs : EXIT.done;
  },
};

/** Returns the objects of the folder in normal form. Throws a Failure with all issues. */
function fromFiles(call: Call, project: Project): NormalObject[] {
  const { objects, fileIssues } = readFolder(project.folder, targetOf(project, call.text('target')));
  if (fileIssues.length > 0) throw new Failure(renderFileIssues(fileIssues));
  return objects.flatMap(({ kind, identity, document }) => {
    const read = document === undefined ? null : parseDocument(kind as JsonKind, document);
    return read === null || 'issues' in read ? [] : [{ kind, identity, document: read.normal }];
  });
}

async function fromService(call: Call, project: Project): Promise<NormalObject[]> {
  const { origin } = targetOf(project, call.text('target'));
  const service = await openSignedIn(origin, project.folder);
  const { objects } = await service.json<{
    objects: (Omit<NormalObject, 'document'> & { document: NormalObject['document'] | null })[];
  }>('GET', `/admin/projects/${project.file.project}`);
  return objects.flatMap(({ kind, identity, document }) => (document === null ? [] : [{ kind, identity, document }]));
}

export const check: Command = {
  about:
    `Checks every file of the project, bundles the handlers of many files, and runs the compiler over all, against ${TYPES_FILE} and\n` +
    'the tsconfig.json of the project. Needs no service.',
  run: async (call) => {
    const project = findProject(call.folder);
    const read = readFolder(project.folder, targetOf(project, call.text('target')));
    const { fileIssues } = await bundleHandlers(project.folder, read);
    if (fileIssues.length > 0) throw new Failure(renderFileIssues(fileIssues));
    return compile(call, project.folder);
  },
};

function compile({ io }: Call, folder: string): Exit {
  const tsc = [folder, join(import.meta.dirname, '../../../..')]
    .map((root) => join(root, 'node_modules/typescript/bin/tsc'))
    .find((file) => existsSync(file));
  if (tsc === undefined) throw new Failure('no compiler found: npm install typescript');
  const { stdout, stderr, status } = spawnSync(process.execPath, [tsc, '--noEmit', '--pretty', 'false', '-p', folder], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (stdout + stderr !== '') io.say((stdout + stderr).trimEnd());
  if (status === 0) io.say('No errors.');
  io.result({ isValid: status === 0, output: stdout + stderr });
  return status === 0 ? EXIT.done : EXIT.failed;
}
