import type { Call, Command } from '../command.ts';
import { EXIT, Failure, type Exit } from '../failure.ts';
import { normalSource, parseDocument, type JsonKind } from '../../../../src/core/projects/documents/documents.ts';
import { writeOwnFiles } from '../project/own-files.ts';
import type { FolderObject } from '../project/read-folder.ts';
import { labelOf, placeObject } from '../pull/place-objects.ts';
import { folderFiles, servedFiles } from '../pull/served-files.ts';
import { StagedFiles } from '../pull/staged-files.ts';
import { setAt, takeChanges } from '../pull/take-changes.ts';
import { askPlan, isBehind, openPush, type Push } from '../push/open-push.ts';
import { isFolderName } from '../push/seen.ts';
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
  if (push.isDirty && !isFolderName(push.options.commit ?? '') && !call.flag('dirty'))
    throw new Failure('The folder has changes that are not committed. Commit them, or add --dirty.', EXIT.usage);
  const { plan } = await askPlan(push);
  const behind = isBehind(push, plan);
  const state = await push.service.json<State>('GET', `/admin/projects/${push.project.file.project}`);
  const theirs = call.flag('theirs');
  const files = new StagedFiles(push.project.folder);
  const open = new Set<string>();
  const taken = new Set<string>();
  for (const step of plan.steps) {
    const way = wayOf(step, behind, theirs);
    if (way === 'none') continue;
    for (const path of await takeStep({ push, files, state }, step, way)) (way === 'beside' ? open : taken).add(path);
  }
  // A side that an earlier pull wrote beside is decided now.
  if (theirs) for (const file of taken) files.removeIfAny(`${file}.theirs`);
  files.commit();
  for (const file of taken) call.io.say(`~ ${file}`);
  for (const file of open) call.io.say(`✗ ${file} has the side of the service: merge it, and delete it`);
  writeOwnFiles(push.project.folder);
  if (open.size === 0) push.note(state.generation);
  call.io.say(taken.size + open.size === 0 ? 'Nothing to take.' : `${taken.size} taken, ${open.size} in conflict.`);
  call.io.result({ taken: [...taken], conflicts: [...open], generation: state.generation });
  return open.size === 0 ? EXIT.done : EXIT.conflict;
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

interface Taking {
  push: Push;
  files: StagedFiles;
  state: State;
}

/** Takes one object from the service. Returns the files that are written or removed. */
async function takeStep(taking: Taking, step: PlanStep, way: Way): Promise<string[]> {
  const { push, files, state } = taking;
  const label = `${step.kind} ${step.identity}`;
  const own = push.objects.find((object) => labelOf(object) === label);
  const known = state.objects.find((object) => `${object.kind} ${object.identity}` === label);
  const document = known?.document ?? null;
  if (document === null) return own === undefined ? [] : takeDeletion(files, own, way);
  if (step.kind === 'handler') return takeSource(taking, own, step, way);
  if (own === undefined) return addObject(files, step, document);
  const base = way === 'whole' ? normalOf(own) : known?.base?.document;
  if (way === 'beside' || base === undefined) return [files.writeBeside(own.file, label, document)];
  const text = files.readIfAny(own.file) ?? '';
  files.write(own.file, takeChanges(text, own.base, push.target.name, base, named(document, base)));
  return [own.file];
}

/** Returns the document without an executor that the folder does not name: the service gave it, and another target has other users. */
function named({ executor, ...rest }: Document, base: Document): Document {
  return base.executor === undefined ? rest : { executor, ...rest };
}

/** The service deleted an object. One that has changed in the folder since stays: its deletion is noted beside it. */
function takeDeletion(files: StagedFiles, own: FolderObject, way: Way): string[] {
  if (way === 'beside') return [files.writeBeside(own.file, labelOf(own), 'was deleted in the service')];
  if (own.base.length > 0) {
    files.removeValue(own.file, own.base);
    return [own.file];
  }
  const paths = Object.keys(own.parts ?? { [own.file]: '' });
  for (const path of paths) files.remove(path);
  return paths;
}

/**
 * Takes the files of a handler that differ. A file of its folder that the service lacks is removed: the folder is then as it was pushed.
 * Beside: those that differ are written beside the folder's.
 */
async function takeSource(
  { push, files }: Taking,
  own: FolderObject | undefined,
  { identity }: PlanStep,
  way: Way,
): Promise<string[]> {
  const [theirs, ours] = [await servedFiles(push.service, identity), folderFiles(own)];
  const isSame = ([path, text]: [string, string]): boolean => {
    const before = files.readIfAny(path);
    return before !== undefined && normalSource(before) === text;
  };
  const written = Object.entries(theirs).filter((file) => !isSame(file));
  const gone = Object.keys(ours).filter((path) => !Object.hasOwn(theirs, path) && own?.parts?.[path] !== undefined);
  const suffix = way === 'beside' ? '.theirs' : '';
  for (const [path, text] of written) files.write(`${path}${suffix}`, text);
  const removed = way === 'beside' ? [] : gone;
  for (const path of removed) files.remove(path);
  return [...written.map(([path]) => `${path}${suffix}`), ...removed];
}

/** Returns what an object of the folder has, in normal form. */
function normalOf({ kind, document }: FolderObject): Document | undefined {
  const read = parseDocument(kind as JsonKind, document);
  return 'issues' in read ? undefined : read.normal;
}

function addObject(files: StagedFiles, { kind, identity }: PlanStep, document: Document): string[] {
  const placed = placeObject(kind, identity, document, (file) => files.readIfAny(file) !== undefined);
  const text =
    'text' in placed ? placed.text : setAt(files.readIfAny(placed.file) ?? '{}\n', [placed.entry], placed.value);
  files.write(placed.file, text);
  return [placed.file];
}
