import { parseExact } from '../../kit/exact-json.rules';
import type { Step } from './action-info.rules';

/* The steps of a workflow as a list with levels, and what can be done to them. All functions return new documents. */

export interface WorkflowDocument {
  kind: 'workflow' | 'middleware';
  steps: Step[];
  [field: string]: unknown;
}

/** A line of the list: a step, or the head of a block within one. Pointers are JSON Pointers in the document. */
export type Row =
  | { kind: 'step'; pointer: string; step: Step; level: number; number: string }
  | { kind: 'block'; pointer: string; label: string; level: number; isEmpty: boolean };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns the document of a text; null for one that has no list of steps. */
export function readDocument(text: string): WorkflowDocument | null {
  try {
    const json = parseExact(text);
    return isRecord(json) && Array.isArray(json.steps) && json.steps.every(isRecord)
      ? (json as WorkflowDocument)
      : null;
  } catch {
    return null;
  }
}

export const printDocument = (document: WorkflowDocument): string => `${JSON.stringify(document, null, 2)}\n`;

/** Fields of a step that hold steps, with their pointers in it, in the order in which they run. */
function blocksOf(step: Step): { at: string; label: string }[] {
  return Object.entries(step).flatMap(([name, value]) => {
    if (name === 'cases' && Array.isArray(value))
      return value.map((_, index) => ({ at: `/cases/${index}/steps`, label: `case ${index + 1}` }));
    const isBlock = ['then', 'else', 'steps', 'catch', 'default'].includes(name) && Array.isArray(value);
    return isBlock ? [{ at: `/${name}`, label: name === 'steps' ? 'do' : name }] : [];
  });
}

/** Returns the lines of the list. */
export const rowsOf = (document: WorkflowDocument): Row[] => rowsIn(document, '/steps', 0, '');

function rowsIn(document: WorkflowDocument, pointer: string, level: number, prefix: string): Row[] {
  const steps = at(document, pointer);
  if (!Array.isArray(steps)) return [];
  return (steps as unknown[]).flatMap((raw, index): Row[] => {
    if (!isRecord(raw)) return [];
    const step = raw as Step;
    const here = `${pointer}/${index}`;
    const number = `${prefix}${index + 1}`;
    const blocks = blocksOf(step).flatMap(({ at: place, label }): Row[] => {
      const rows = rowsIn(document, `${here}${place}`, level + 1, `${number}.`);
      return [
        { kind: 'block', pointer: `${here}${place}`, label, level: level + 1, isEmpty: rows.length === 0 },
        ...rows,
      ];
    });
    return [{ kind: 'step', pointer: here, step, level, number }, ...blocks];
  });
}

const partsOf = (pointer: string): string[] => pointer.split('/').slice(1);

/** Returns what is at a pointer; undefined where it leads nowhere. */
export function at(value: unknown, pointer: string): unknown {
  let now = value;
  for (const part of partsOf(pointer)) now = (now as Record<string, unknown> | undefined)?.[part];
  return now;
}

/** The list that a step is in, and its place there. */
function placeOf(pointer: string): { block: string; index: number } {
  const cut = pointer.lastIndexOf('/');
  return { block: pointer.slice(0, cut), index: Number(pointer.slice(cut + 1)) };
}

function edited(document: WorkflowDocument, edit: (copy: WorkflowDocument) => void): WorkflowDocument {
  const copy = structuredClone(document);
  edit(copy);
  return copy;
}

/** Returns the document with a step in a block; after the last one where `index` is beyond it. */
export const insertStep = (document: WorkflowDocument, block: string, index: number, step: Step): WorkflowDocument =>
  edited(document, (copy) => void (at(copy, block) as Step[]).splice(index, 0, step));

export const removeStep = (document: WorkflowDocument, pointer: string): WorkflowDocument => {
  const { block, index } = placeOf(pointer);
  return edited(document, (copy) => void (at(copy, block) as Step[]).splice(index, 1));
};

export const replaceStep = (document: WorkflowDocument, pointer: string, step: Step): WorkflowDocument => {
  const { block, index } = placeOf(pointer);
  return edited(document, (copy) => void ((at(copy, block) as Step[])[index] = step));
};

export type Move = 'up' | 'down' | 'in' | 'out';

/**
 * Returns the document with a step moved, and its new pointer: up or down in its block, in to the end of the last block of the step before, out
 * to after the step that it is in. Null where there is no such place.
 */
export function moveStep(
  document: WorkflowDocument,
  pointer: string,
  move: Move,
): { document: WorkflowDocument; pointer: string } | null {
  const { block, index } = placeOf(pointer);
  const step = at(document, pointer) as Step;
  const list = at(document, block) as Step[];
  const without = removeStep(document, pointer);
  const put = (target: string, to: number) => ({
    document: insertStep(without, target, to, step),
    pointer: `${target}/${to}`,
  });
  if (move === 'up') return index === 0 ? null : put(block, index - 1);
  if (move === 'down') return index === list.length - 1 ? null : put(block, index + 1);
  if (move === 'in') {
    const before = list[index - 1];
    const into = before && blocksOf(before).at(-1);
    if (!into) return null;
    const target = `${block}/${index - 1}${into.at}`;
    return put(target, (at(without, target) as Step[]).length);
  }
  const outer = /^(.*\/\d+)\/(?:cases\/\d+\/steps|[a-z]+)$/.exec(block)?.[1];
  if (outer === undefined) return null;
  const parent = placeOf(outer);
  return put(parent.block, parent.index + 1);
}

/** Returns an id for a new step that no other one has: `set`, `set2`. */
export function freeId(document: WorkflowDocument, action: string): string {
  const ids = new Set(rowsOf(document).flatMap((row) => (row.kind === 'step' ? [row.step.id] : [])));
  const base = action.replace(/^.*\./, '');
  for (let count = 1; ; count++) {
    const id = count === 1 ? base : `${base}${count}`;
    if (!ids.has(id)) return id;
  }
}

/** Says in a few words what a step does. */
export function summaryOf(step: Step): string {
  const shown = (value: unknown): string => {
    if (isRecord(value) && typeof value.$ === 'string') return value.$;
    if (isRecord(value) && typeof value.tpl === 'string') return value.tpl;
    if (isRecord(value) && typeof value.secret === 'string') return `secret ${value.secret}`;
    return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  };
  switch (step.do) {
    case 'set':
      return `${String(step.name)} = ${shown(step.value)}`;
    case 'if':
    case 'while':
      return shown(step.when);
    case 'each':
      return `of ${shown(step.items)}`;
    case 'call':
      return shown(step.handler);
    case 'throw':
    case 'log':
      return shown(step.message);
    case 'respond':
      return step.body === undefined ? shown(step.status ?? 204) : shown(step.body);
    case 'sleep':
      return `${shown(step.ms)} ms`;
    case 'http.request':
      return `${shown(step.method ?? 'GET')} ${shown(step.url)}`;
    default:
      return step.do.startsWith('table.') ? shown(step.table) : '';
  }
}
