import type { Call, Option } from '../command.ts';
import { bundleHandlers } from '../build/bundle-handlers.ts';
import { EXIT, Failure } from '../failure.ts';
import { findProject, targetOf, type Project, type Target } from '../project/find-project.ts';
import { sha256Hex } from '../../../../src/kernel/signed.ts';
import { renderFileIssues } from '../project/jsonc.ts';
import { readFolder, type Folder, type FolderObject } from '../project/read-folder.ts';
import type { Service } from '../service/client.ts';
import type { Applied, Plan } from '../service/protocol.ts';
import { openSignedIn } from '../service/sign-in.ts';
import { commitOf, isInHistory } from './git.ts';
import { packDocuments, type Pack } from './pack-documents.ts';
import { folderName, isFolderName, noteGeneration, seenGeneration } from './seen.ts';

/** Options with which a plan and a push are made. */
export const PLAN_OPTIONS: Record<string, Option> = {
  prune: { type: 'boolean', help: 'Delete what an earlier push made and the folder no longer has' },
  over: { type: 'string', multiple: true, value: 'object', help: 'Let the folder win over a change in the service' },
  adopt: { type: 'string', multiple: true, value: 'object', help: 'Take over an object that exists' },
  restore: { type: 'string', multiple: true, value: 'object', help: 'Make again what was deleted in the service' },
  allow: { type: 'string', multiple: true, value: 'loss', help: 'Permit a loss, in the words of the plan' },
};

interface PlanOptions {
  prune: boolean;
  over: string[];
  adopt: string[];
  restore: string[];
  allow: string[];
  moved: { handler: string; to: string }[];
  commit?: string;
}

/** A folder and the service that it is compared with. */
export interface Push {
  project: Project;
  target: Target;
  service: Service;
  objects: FolderObject[];
  options: PlanOptions;
  /** Documents that were uploaded because they are more than a plan holds. */
  packs: Pack[];
  /** The generation that a folder without Git has seen last; undefined: none. */
  seen: number | undefined;
  /** Notes the generation that the folder has by now. */
  note: (generation: number) => void;
  /** The commit has changes after it. */
  isDirty: boolean;
}

/** Opens the project of a call: reads its folder and signs in. Throws a Failure with all issues of the files. */
export async function openPush(call: Call): Promise<Push> {
  const project = findProject(call.folder);
  const target = targetOf(project, call.text('target'));
  const { objects } = assertNoFileIssues(await bundleHandlers(project.folder, readFolder(project.folder, target)));
  const service = await openSignedIn(target.origin, project.folder);
  const commit = commitOf(project.folder);
  return {
    project,
    target,
    service,
    objects,
    packs: [],
    isDirty: commit?.isDirty === true,
    seen: seenGeneration(project.folder, target.origin),
    note: (generation) => noteGeneration(project.folder, target.origin, generation),
    options: {
      ...optionsOf(call, objects),
      moved: project.file.moved,
      commit: commit?.id ? `${commit.id}${commit.isDirty ? '+dirty' : ''}` : folderName(project.folder),
    },
  };
}

/** Returns the options of a plan that a call has. */
export const optionsOf = (call: Call, objects: readonly FolderObject[]) => ({
  prune: call.flag('prune'),
  over: labelsOf(call.texts('over'), objects),
  adopt: labelsOf(call.texts('adopt'), objects),
  restore: labelsOf(call.texts('restore'), objects),
  allow: call.texts('allow'),
});

function assertNoFileIssues(folder: Folder): Folder {
  if (folder.fileIssues.length > 0) throw new Failure(renderFileIssues(folder.fileIssues));
  return folder;
}

/** Accepts an identity, or a part that one object alone has, for the whole label. */
function labelsOf(names: readonly string[], objects: readonly FolderObject[]): string[] {
  const labels = objects.map(({ kind, identity }) => `${kind} ${identity}`);
  return names.map((name) => {
    const found = labels.filter((label) => label === name || label.endsWith(` ${name}`));
    return found.length === 1 ? found[0]! : name;
  });
}

function bodyOf({ objects, options, packs }: Push, needed: ReadonlySet<string>) {
  const isInline = (label: string): boolean => needed.has(label) && !packs.some(({ labels }) => labels.has(label));
  return {
    objects: objects.map(({ kind, identity, sha256, document, built }) => ({
      kind,
      identity,
      sha256,
      ...(built && { built: built.module && { code: sha256Hex(built.module.code), map: sha256Hex(built.module.map) } }),
      ...(document !== undefined && isInline(`${kind} ${identity}`) && { document }),
    })),
    documents: packs
      .filter(({ labels }) => Array.from(labels).some((label) => needed.has(label)))
      .map(({ sha256 }) => sha256),
    ...options,
  };
}

export interface MadePlan {
  plan: Plan;
  /** Labels of the documents that the service does not know. */
  needed: Set<string>;
}

/** Asks for a plan: first without documents, or with those that it needed before, then with those that the service does not know. */
export async function askPlan(push: Push, before: ReadonlySet<string> = new Set()): Promise<MadePlan> {
  const ask = (needed: Set<string>): Promise<Plan> =>
    push.service.json<Plan>('POST', `/admin/projects/${push.project.file.project}/plan`, bodyOf(push, needed));
  const needed = new Set(before);
  let plan = await ask(needed);
  if (plan.need.documents.length > 0) {
    for (const label of plan.need.documents) needed.add(label);
    await uploadDocuments(push, needed);
    plan = await ask(needed);
  }
  return { plan, needed };
}

/** Uploads the documents that are needed, where they are more than a plan holds. */
async function uploadDocuments(push: Push, needed: ReadonlySet<string>): Promise<void> {
  push.packs = packDocuments(push.objects, needed);
  for (const { sha256, text } of push.packs) await push.service.upload(`/admin/blobs/${sha256}`, text);
}

/** Asks for a plan that may be applied. Throws a Failure for a folder that is behind: a push would take back that of another person. */
export async function makePlan(push: Push, before?: ReadonlySet<string>): Promise<MadePlan> {
  const made = await askPlan(push, before);
  if (!isBehind(push, made.plan)) return made;
  const { lastCommit, pushedBy, pushedAt, generation } = made.plan;
  const by = `by ${pushedBy ?? 'unknown'}, ${pushedAt ?? ''}`;
  throw new Failure(
    isFolderName(push.options.commit ?? '')
      ? `${push.target.name} has generation ${generation} (${by}), which this folder has not seen. Run portico pull.`
      : `${push.target.name} has ${lastCommit!.slice(0, 12)} (${by}), which is not in your history. Merge it with git first.`,
    EXIT.conflict,
  );
}

/** Returns whether the service has a push that this folder does not contain: a commit, or without Git a generation. */
export function isBehind({ project, seen, options: { commit } }: Push, { lastCommit, generation }: Plan): boolean {
  if (commit === undefined) return false;
  if (!isFolderName(commit))
    return lastCommit !== null && !isFolderName(lastCommit) && !isInHistory(project.folder, lastCommit);
  // A push of this folder that was killed is noted in the service alone.
  return seen !== undefined && generation > seen && lastCommit !== commit;
}

/** Texts of one upload, and their characters: as JSON they are at most six times as long. */
const MAX_TEXTS = 100;
const MAX_CHARS = 500_000;

const upload = ({ service }: Push, texts: readonly string[]): Promise<void> =>
  texts.length === 1
    ? service.upload(`/admin/blobs/${sha256Hex(texts[0]!)}`, texts[0]!)
    : service.json('POST', '/admin/blobs', { texts });

function batchesOf(texts: readonly string[]): string[][] {
  const batches: string[][] = [];
  let chars = Infinity;
  for (const text of texts) {
    if (chars + text.length > MAX_CHARS || batches.at(-1)!.length === MAX_TEXTS) {
      batches.push([]);
      chars = 0;
    }
    batches.at(-1)!.push(text);
    chars += text.length;
  }
  return batches;
}

/** Returns the texts that a handler is saved from, by their hashes. */
function uploadsOf({ sha256, source, built }: FolderObject): [sha256: string, text: string][] {
  if (built) {
    const module = built.module ? [built.module.code, built.module.map] : [];
    return [...Object.values(built.texts), ...module].map((text) => [sha256Hex(text), text]);
  }
  return source === undefined ? [] : [[sha256, source]];
}

/** Uploads the sources that a plan needs, and applies it. */
export async function applyPlan(push: Push, { plan, needed }: MadePlan): Promise<Applied> {
  const sources = new Map(push.objects.flatMap(uploadsOf));
  const texts = plan.need.blobs.flatMap((hash) => sources.get(hash) ?? []);
  for (const batch of batchesOf(texts)) await upload(push, batch);
  return push.service.json<Applied>('POST', `/admin/projects/${push.project.file.project}/apply`, {
    ...bodyOf(push, needed),
    digest: plan.digest,
  });
}
