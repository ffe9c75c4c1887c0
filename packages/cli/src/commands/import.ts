import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { canonicalJson } from '../../../../src/kernel/normal-form.ts';
import { sha256Hex } from '../../../../src/kernel/signed.ts';
import { ProjectName } from '../../../../src/core/projects/files/project-file.ts';
import type { Call, Command } from '../command.ts';
import { parseExport, toObjects, type ExportContent } from '../export/export-file.ts';
import { EXIT, Failure } from '../failure.ts';
import { printable } from '../io.ts';
import type { FolderObject } from '../project/read-folder.ts';
import { makePlan, optionsOf, PLAN_OPTIONS, type Push } from '../push/open-push.ts';
import { openSignedIn } from '../service/sign-in.ts';
import type { ToSet } from '../service/protocol.ts';
import { originOf, url } from './login.ts';
import { exitOf, showPlan } from './plan.ts';
import { pushOpened } from './push.ts';

const { prune: _prune, ...options } = PLAN_OPTIONS;

export const importAll: Command = {
  args: '<file>',
  count: [1, 1],
  about:
    'Makes the definitions of an export in a service, as a push of a project: shows the plan, and then applies it. What exists there is left as\n' +
    'it is until --adopt names it. Ends with what is left to do by hand.',
  options: {
    ...options,
    url,
    merge: { type: 'boolean', help: 'Keep both sides where each changed other fields of an object' },
    project: { type: 'string', value: 'name', help: 'The project that has the definitions then. Default: import' },
    executor: { type: 'string', value: 'user', help: 'Runs all endpoints, instead of the users whom the export names' },
    plan: { type: 'boolean', help: 'Only show the plan' },
  },
  run: async (call) => {
    const content = parseExport(readFileSync(resolve(call.folder, call.args[0]!), 'utf8'));
    const push = await openImport(call, content);
    if (call.flag('plan')) {
      const { plan } = await makePlan(push);
      showPlan(call, push, plan, true);
      call.io.result(plan);
      return exitOf(plan);
    }
    const { exit, toSet } = await pushOpened(call, push);
    if (toSet !== null) report(call, content, toSet);
    return exit;
  },
};

async function openImport(call: Call, content: ExportContent): Promise<Push> {
  const name = ProjectName.safeParse(call.text('project') ?? 'import');
  if (!name.success) throw new Failure(`--project ${name.error.issues[0]!.message}`, EXIT.usage);
  const origin = originOf(call);
  const objects = toObjects(content).map((object) => adapt(object, call.text('executor')));
  return {
    project: { folder: call.folder, file: { project: name.data, targets: {}, moved: [] } },
    target: { name: origin, origin, executor: undefined, isProtected: false, names: { users: {}, keys: {} } },
    service: await openSignedIn(origin, call.folder),
    objects,
    packs: [],
    isDirty: false,
    // Nothing is seen or noted here: no folder belongs to an import.
    seen: undefined,
    note: () => undefined,
    options: { ...optionsOf(call, objects), moved: [] },
  };
}

/** Returns an object as another service can have it: a version has another number there, and a user another name. */
function adapt(object: FolderObject, executor: string | undefined): FolderObject {
  if (object.kind !== 'endpoint') return object;
  const { version: _version, ...rest } = object.document!;
  const document = executor === undefined ? rest : { ...rest, executor };
  return { ...object, document, sha256: sha256Hex(canonicalJson(document)) };
}

/** Prints what an import does not make. */
function report({ io }: Call, { objects, folder }: ExportContent, { secrets, keys }: ToSet): void {
  const rows = objects.filter(({ byHand }) => byHand === 'rows').map(({ identity }) => identity);
  const pinned = objects.filter(({ kind, document }) => kind === 'endpoint' && (document?.version ?? null) !== null);
  const lines = [
    ...secrets.map((name) => `secret ${name} has no value: portico secrets set ${name}`),
    ...keys.map((alias) => `key ${alias} has no value: portico keys issue ${alias}`),
    ...rows.map(
      (name) => `table ${name} has no rows: export them with GET /admin/tables/<id>/export, and import them there`,
    ),
    ...pinned.map(
      ({ identity, document }) =>
        `endpoint ${identity} was pinned to version ${String(document!.version)}: it runs the latest`,
    ),
    ...(folder === null ? [] : ['tables are not in the export of a folder: make those that its handlers use']),
  ];
  if (lines.length > 0) io.say(`Left to do by hand:\n${lines.map((line) => `  ${printable(line)}`).join('\n')}`);
}
