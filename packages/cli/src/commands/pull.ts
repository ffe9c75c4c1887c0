import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import type { Call, Command } from '../command.ts';
import { EXIT, Failure, type Exit } from '../failure.ts';
import type { FolderObject } from '../project/read-folder.ts';
import { labelOf, placeObject } from '../pull/place-objects.ts';
import { setAt, takeChanges } from '../pull/take-changes.ts';
import { askPlan, isBehind, openPush, type Push } from '../push/open-push.ts';
import { noteGeneration } from '../push/seen.ts';
import type { PlanStep } from '../service/protocol.ts';

type Document = Record<string, unknown>;
interface State {
  generation: number;
  objects: { kind: string; identity: string; document: Document | null; base: { document: Document } | null }[];
}

export const pull: Command = {
  about:
    'Takes what changed in a service since the last push into the files. Comments stay. What both sides changed is left as it is, and the\n' +
    "service's side is written beside it as <file>.theirs: exit 3. What the folder lacks comes back; push --prune deletes it instead.",
  options: {
    theirs: { type: 'boolean', help: 'Take the side of the service where both changed, or where the folder is behind' },
    dirty: { type: 'boolean', help: 'Although the folder has changes that are not committed' },
  },
  run: runPull,
};

async function runPull(call: Call): Promise<Exit> {
  const push = await openPush(call);
  if (push.isDirty && !call.flag('dirty'))
    throw new Failure('The folder has changes that are not committed. Commit them, or add --dirty.', EXIT.usage);
  const { plan } = await askPlan(push);
  const behind = isBehind(push, plan);
  const state = await push.service.json<State>('GET', `/admin/projects/${push.project.file.project}`);
  const theirs = call.flag('theirs');
  const open: string[] = [];
  const taken: string[] = [];
  for (const step of plan.steps) {
    const way = wayOf(step, behind, theirs);
    if (way === 'none') continue;
    const files = await takeStep(push, state, step, way);
    (way === 'beside' ? open : taken).push(...files);
  }
  for (const file of taken) call.io.say(`~ ${file}`);
  for (const file of open) call.io.say(`✗ ${file} has the side of the service: merge it, and delete it`);
  if (open.length === 0) noteGeneration(push.project.folder, push.target.origin, state.generation);
  call.io.say(
    taken.length + open.length === 0 ? 'Nothing to take.' : `${taken.length} taken, ${open.length} in conflict.`,
  );
  call.io.result({ taken, conflicts: open, generation: state.generation });
  return open.length === 0 ? EXIT.done : EXIT.conflict;
}

type Way = 'none' | 'take' | 'beside';

/** Decides what becomes of a step: taken into the file, written beside it, or left for the next push. */
function wayOf({ action, reason }: PlanStep, isBehind: boolean, theirs: boolean): Way {
  if (['drift', 'deleted', 'left', 'merge'].includes(action)) return 'take';
  // A folder that is behind may have an old text, not a changed one.
  if (action === 'change' && isBehind) return theirs ? 'take' : 'beside';
  if (action !== 'conflict' || reason === 'ambiguous') return 'none';
  return theirs ? 'take' : 'beside';
}

/** Takes one object from the service. Returns the files that were written or removed. */
async function takeStep(push: Push, state: State, step: PlanStep, way: Way): Promise<string[]> {
  const label = labelOf(step as Pick<FolderObject, 'kind' | 'identity'>);
  const own = push.objects.find((object) => labelOf(object) === label);
  const known = state.objects.find((object) => `${object.kind} ${object.identity}` === label);
  if (step.kind === 'handler') return takeSource(push, step, own, known?.document ?? null, way);
  const document = known?.document ?? null;
  if (own === undefined) return document === null ? [] : addObject(push, step, document);
  if (way === 'beside' || document === null || known?.base == null)
    return document === null
      ? removeObject(push, own)
      : write(push, `${own.file}.theirs`, `${JSON.stringify(document, null, 2)}\n`);
  const text = takeChanges(textOf(push, own.file), own.base, push.target.name, known.base.document, document);
  return write(push, own.file, text);
}

async function takeSource(
  push: Push,
  step: PlanStep,
  own: FolderObject | undefined,
  document: Document | null,
  way: Way,
): Promise<string[]> {
  if (document === null) return own === undefined ? [] : removeObject(push, own);
  const path = step.identity.split('/').map(encodeURIComponent).join('/');
  const source = await push.service.text(`/admin/by-path/handlers/${path}`);
  return write(push, `handlers/${step.identity}${way === 'beside' ? '.theirs' : ''}`, source);
}

function addObject(push: Push, { kind, identity }: PlanStep, document: Document): string[] {
  const placed = placeObject(kind, identity, document, (file) => existsSync(join(push.project.folder, file)));
  if ('text' in placed) return write(push, placed.file, placed.text);
  const file = join(push.project.folder, placed.file);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '{}\n';
  return write(push, placed.file, setAt(text, [placed.entry], placed.value));
}

function removeObject(push: Push, { file, base }: FolderObject): string[] {
  if (base.length > 0) return write(push, file, setAt(textOf(push, file), base, undefined));
  rmSync(join(push.project.folder, file));
  return [file];
}

const textOf = ({ project }: Push, file: string): string => readFileSync(join(project.folder, file), 'utf8');

/** Writes a file whole or not at all. Throws a Failure for a path that leads out of the project: it comes from a service. */
function write({ project }: Push, path: string, text: string): string[] {
  const file = resolve(project.folder, path);
  if (!file.startsWith(`${project.folder}${sep}`)) throw new Failure(`${path} leads out of the project`);
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, text);
  renameSync(draft, file);
  return [path];
}
