import type { Io, Style } from '../io.ts';
import { printable } from '../io.ts';
import type { Plan, PlanStep } from '../service/protocol.ts';
import { isFolderName } from './seen.ts';

const SIGNS: Record<PlanStep['action'], [string, Style]> = {
  create: ['+', 'green'],
  change: ['~', 'yellow'],
  merge: ['~', 'yellow'],
  delete: ['-', 'red'],
  adopt: ['=', 'dim'],
  forget: ['=', 'dim'],
  drift: ['!', 'yellow'],
  deleted: ['!', 'yellow'],
  left: ['·', 'dim'],
  conflict: ['✗', 'red'],
};

/** Steps that only change what the project remembers. */
export const isSilent = ({ action }: PlanStep): boolean => action === 'adopt' || action === 'forget';
/** Steps that apply carries out. */
export const isWrite = ({ action }: PlanStep): boolean => ['create', 'change', 'merge', 'delete'].includes(action);

const REASONS: Record<string, string> = {
  both_changed: 'changed here and in the service',
  not_of_this_project: 'exists, and this project did not make it',
  removed_here_changed_there: 'removed here, changed in the service',
  deleted_there_changed_here: 'deleted in the service, changed here',
  ambiguous: 'several objects of the service have this name: give the others another',
};

/** Renders one step in a line. */
export function stepLine(step: PlanStep, io: Io): string {
  const [sign, style] = SIGNS[step.action];
  const from = step.from === undefined ? '' : ` (was ${step.from})`;
  return io.style(style, `${sign} ${step.kind.padEnd(8)} ${printable(step.identity + from)}${noteOf(step)}`);
}

function noteOf({ action, reason, changedBy, kind, identity }: PlanStep): string {
  const by = changedBy === undefined ? '' : ` by ${printable(changedBy.actor)}, ${changedBy.at.slice(0, 16)}`;
  const label = `'${kind} ${identity}'`;
  if (action === 'drift')
    return `  changed in the service${by}: portico pull takes it, --over ${label} puts yours back`;
  if (action === 'deleted') return `  deleted in the service${by}: --restore ${label} makes it again`;
  if (action === 'left') return '  no longer in the folder: --prune deletes it';
  if (action === 'merge') return '  both sides changed other fields: the service keeps both';
  if (action !== 'conflict') return '';
  return `  ${REASONS[reason ?? ''] ?? reason ?? ''}${reason === 'ambiguous' ? '' : by}`;
}

/** Renders the fields and losses of a step, a line each. */
export function stepDetails(step: PlanStep, io: Io): string[] {
  // The hash of a source says nothing that the line of its step does not: portico diff shows what differs.
  const isHash = (field: string): boolean => step.kind === 'handler' && field === 'sha256';
  const changes = Object.entries(step.changes ?? {})
    .filter(([field]) => !isHash(field))
    .map(([field, { from, to }]) => `${field}  ${show(from)} → ${show(to)}`);
  const conflicts = Object.entries(step.conflicts ?? {})
    .filter(([field]) => !isHash(field))
    .map(
      ([field, { base, here, there }]) => `${field}  base ${show(base)} · here ${show(here)} · there ${show(there)}`,
    );
  const way =
    step.action === 'conflict' && step.allows
      ? [`--${step.allows} '${step.kind} ${step.identity}' lets the folder win`]
      : [];
  const losses = (step.losses ?? []).map(({ word, message }) => io.style('red', `${message}: --allow '${word}'`));
  return [...changes, ...conflicts, ...way, ...losses].map((line) => `      ${printable(line)}`);
}

/** Characters of a value in a line. */
const MAX_SHOWN = 80;

function show(value: unknown): string {
  if (value === undefined || value === null) return '(none)';
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

const count = (n: number, noun: string): string => `${n} ${noun}`;

/** Renders the last line of a plan: numbers of steps. */
export function summaryOf({ steps }: Plan): string {
  const of = (...actions: PlanStep['action'][]): number =>
    steps.filter(({ action }) => actions.includes(action)).length;
  const parts = [
    count(of('create'), 'to create'),
    count(of('change', 'merge'), 'to change'),
    count(of('delete'), 'to delete'),
    ...(of('drift', 'deleted') > 0 ? [count(of('drift', 'deleted'), 'changed in the service')] : []),
    ...(of('conflict') > 0 ? [count(of('conflict'), 'in conflict')] : []),
  ];
  return `${parts.join(', ')}.`;
}

/** Renders the service, the project and its last push. */
export function headerOf(
  target: string,
  origin: string,
  { project, generation, lastCommit, pushedAt, pushedBy }: Plan,
): string {
  const commit = lastCommit === null || isFolderName(lastCommit) ? '' : ` ${lastCommit.slice(0, 12)}`;
  const last = pushedAt === null ? 'never pushed' : `last push${commit} by ${pushedBy ?? ''}, ${pushedAt.slice(0, 16)}`;
  return `${target === origin ? origin : `${target} ${origin}`} · ${project} · generation ${generation} · ${last}`;
}
