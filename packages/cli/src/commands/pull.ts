import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import type { Call, Command } from '../command.ts';
import { EXIT, Failure, type Exit } from '../failure.ts';
import { normalSource, parseDocument, type JsonKind } from '../../../../src/core/projects/documents/documents.ts';
import { writeOwnFiles } from '../project/own-files.ts';
import type { FolderObject } from '../project/read-folder.ts';
import { pathRefusal } from '../pull/path-refusal.ts';
import { labelOf, placeObject } from '../pull/place-objects.ts';
import { folderFiles, servedFiles } from '../pull/served-files.ts';
import { setAt, takeChanges } from '../pull/take-changes.ts';
import { askPlan, isBehind, openPush, type Push } from '../push/open-push.ts';
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
  writeOwnFiles(push.project.folder);
  if (open.length === 0) push.note(state.generation);
  call.io.say(
    taken.length + open.length === 0 ? 'Nothing to take.' : `${taken.length} taken, ${open.length} in conflict.`,
  );
  call.io.result({ taken, conflicts: open, generation: state.generation });
  return open.length === 0 ? EXIT.done : EXIT.conflict;
}

/** `take`: what the service changed; `whole`: all that differs. */
type Way = 'none' | 'take' | 'whole' | 'beside';

/** Decides what becomes of a step: taken into the file, written beside it, or left for the next push. */
export function wayOf(
  { action, reason }: Pick<PlanStep, 'action' | 'reason'>,
  folderIsBehind: boolean,
  theirs: boolean,
): Way {
  // A folder that is behind may have an old text, not a changed one.
  if ((action === 'change' || action === 'merge') && folderIsBehind) return theirs ? 'whole' : 'beside';
  if (['drift', 'deleted', 'left', 'merge'].includes(action)) return 'take';
  // The project state lacks what the project does not own: push --adopt decides about that.
  if (action !== 'conflict' || reason === 'ambiguous' || reason === 'not_of_this_project') return 'none';
  return theirs ? 'whole' : 'beside';
}

/** Takes one object from the service. Returns the files that were written or removed. */
async function takeStep(push: Push, state: State, step: PlanStep, way: Way): Promise<string[]> {
  const label = `${step.kind} ${step.identity}`;
  const own = push.objects.find((object) => labelOf(object) === label);
  const known = state.objects.find((object) => `${object.kind} ${object.identity}` === label);
  const document = known?.document ?? null;
  if (document === null) return own === undefined ? [] : takeDeletion(push, own, way);
  if (step.kind === 'handler') return takeSource(push, own, step, way);
  if (own === undefined) return addObject(push, step, document);
  const base = way === 'whole' ? normalOf(own) : known?.base?.document;
  if (way === 'beside' || base === undefined)
    return write(push, `${own.file}.theirs`, `${JSON.stringify({ [label]: document }, null, 2)}\n`);
  return write(
    push,
    own.file,
    takeChanges(textOf(push, own.file), own.base, push.target.name, base, named(document, base)),
  );
}

/** Returns the document without an executor that the folder does not name: the service gave it, and another target has other users. */
function named({ executor, ...rest }: Document, base: Document): Document {
  return base.executor === undefined ? rest : { executor, ...rest };
}

/** The service deleted an object. A file that has changed since stays: its deletion is noted beside it. */
function takeDeletion(push: Push, own: FolderObject, way: Way): string[] {
  if (way !== 'beside') return removeObject(push, own);
  return write(push, `${own.file}.theirs`, `${own.kind} ${own.identity} was deleted in the service.\n`);
}

/**
 * Takes the files of a handler that differ. A file of its folder that the service lacks is removed: the folder is then as it was pushed.
 * Beside: those that differ are written beside the folder's.
 */
async function takeSource(
  push: Push,
  own: FolderObject | undefined,
  { identity }: PlanStep,
  way: Way,
): Promise<string[]> {
  const [theirs, ours] = [await servedFiles(push.service, identity), folderFiles(own)];
  const changed = Object.entries(theirs).filter(([path, text]) => readIfAny(push, path) !== text);
  const written = changed.flatMap(([path, text]) => write(push, way === 'beside' ? `${path}.theirs` : path, text));
  const gone = Object.keys(ours).filter((path) => !Object.hasOwn(theirs, path) && own?.parts?.[path] !== undefined);
  if (way !== 'beside') for (const path of gone) rmSync(join(push.project.folder, path));
  return [...written, ...(way === 'beside' ? [] : gone)];
}

/** Returns the text of a file in normal form; undefined when there is none. */
function readIfAny({ project }: Push, path: string): string | undefined {
  const file = join(project.folder, path);
  return existsSync(file) ? normalSource(readFileSync(file, 'utf8')) : undefined;
}

/** Returns what an object of the folder has, in normal form. */
function normalOf({ kind, document }: FolderObject): Document | undefined {
  const read = parseDocument(kind as JsonKind, document);
  return 'issues' in read ? undefined : read.normal;
}

function addObject(push: Push, { kind, identity }: PlanStep, document: Document): string[] {
  const placed = placeObject(kind, identity, document, (file) => existsSync(join(push.project.folder, file)));
  if ('text' in placed) return write(push, placed.file, placed.text);
  const file = join(push.project.folder, placed.file);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '{}\n';
  return write(push, placed.file, setAt(text, [placed.entry], placed.value));
}

function removeObject(push: Push, { file, base, parts }: FolderObject): string[] {
  if (base.length > 0) return write(push, file, setAt(textOf(push, file), base, undefined));
  const files = Object.keys(parts ?? { [file]: '' });
  for (const each of files) rmSync(join(push.project.folder, each));
  return files;
}

const textOf = ({ project }: Push, file: string): string => readFileSync(join(project.folder, file), 'utf8');

/** Writes a file whole or not at all. Throws a Failure for a path that comes from a service and that a pull does not write. */
function write({ project }: Push, path: string, text: string): string[] {
  const file = resolve(project.folder, path);
  if (!file.startsWith(`${project.folder}${sep}`)) throw new Failure(`${path} leads out of the project`);
  const refusal = pathRefusal(path);
  if (refusal !== null) throw new Failure(refusal);
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, text);
  renameSync(draft, file);
  return [path];
}
