import { applyEdits, modify } from 'jsonc-parser';
import { allSteps, blocksOf, readWorkflow, type StepNode } from '../document/read.rules';
import { parseExpression } from '../language/expression.rules';
import type { Reference } from '../language/expression-reader.rules';
import { renameInSource, replaceMember } from './rename-in-source.rules';
import { readOfSent, readsOfSent, type SentRead, type SentRoot } from './sent-reads.rules';
import { parseTemplate } from '../language/template.rules';
import { findValues } from '../language/value.rules';
import { followPointer } from '../../../kernel/json-pointer';

export interface Rename {
  /** The text after all changes; the input when there are none. Formatting is kept. */
  source: string;
  changes: { pointer: string; before: string; after: string }[];
  /** Uses of the parameter that are not rewritten and need a manual review. */
  unsure: { pointer: string; message: string }[];
}

/**
 * A parameter's names, and the root with its value as sent, if any. `follows`: uses in `params` are renamed. `instead`: a hint where the
 * value is under any name.
 */
interface Names {
  from: string;
  to: string;
  sent: SentRoot | null;
  follows: boolean;
  instead: string;
}

const inParams = (to: string): string => `params.${to} has the value`;

/**
 * Renames an endpoint's parameter in a workflow: `params.<from>` becomes `params.<to>` in expressions, templates and code steps, at the
 * positions that the parser found. Reads of the value as sent (`sent`) are reported and not changed: callers may send either name, so
 * neither is right for all of them. Does not change text that is not a workflow, or middleware, which has its own parameters.
 */
export function renameParameter(source: string, from: string, to: string, sent: SentRoot | null = null): Rename {
  const { tree } = readWorkflow(source);
  const result: Rename = { source, changes: [], unsure: [] };
  if (tree === null || from === to) return result;
  if (tree.head.kind !== 'workflow') return result;
  const names = { from, to, sent, follows: true, instead: inParams(to) };
  for (const { node } of allSteps(tree.steps)) renameInStep(node, names, result);
  return { ...result, source: applyChanges(source, result.changes) };
}

/**
 * Returns only the places of a workflow or middleware that read a parameter as sent: they miss values that callers send under the new
 * name.
 */
export function findReads(source: string, from: string, to: string, sent: SentRoot | null): Rename['unsure'] {
  const { tree } = readWorkflow(source);
  const result: Rename = { source, changes: [], unsure: [] };
  if (tree === null || from === to || sent === null) return [];
  const isOwn = tree.head.kind === 'middleware';
  const instead = isOwn ? `the endpoint can pass it params.${to} as a value` : inParams(to);
  const names = { from, to, sent, follows: false, instead };
  for (const { node } of allSteps(tree.steps)) renameInStep(node, names, result);
  return result.unsure;
}

/** Does the same as `renameParameter` for the values that an endpoint passes to a middleware. Returns a changed copy. */
export function renameInValues<T>(
  values: T,
  from: string,
  to: string,
  sent: SentRoot | null = null,
): { values: T; changes: Rename['changes']; unsure: Rename['unsure'] } {
  const result: Rename = { source: JSON.stringify(values), changes: [], unsure: [] };
  renameInFound(findValues(values, ''), { from, to, sent, follows: true, instead: inParams(to) }, result);
  return {
    values: JSON.parse(applyChanges(result.source, result.changes)) as T,
    changes: result.changes,
    unsure: result.unsure,
  };
}

function renameInStep(node: StepNode, names: Names, result: Rename): void {
  const code = node.action?.source?.(node.step);
  const skip = new Set(blocksOf(node).map((block) => node.pointer + block.at));
  if (code !== undefined) {
    const pointer = node.pointer + code.at;
    skip.add(pointer);
    if (names.follows) {
      const { text, unsure } = renameInSource(code.text, names.from, names.to);
      if (text !== code.text) result.changes.push({ pointer, before: code.text, after: text });
      if (unsure !== null) result.unsure.push({ pointer, message: unsure });
    }
    const reads = names.sent === null ? [] : readsOfSent(code.text, sentOf(names, names.sent));
    addReads(result, pointer, reads, names);
  }
  renameInFound(findValues(node.step, node.pointer, skip), names, result);
}

function renameInFound(found: ReturnType<typeof findValues>, names: Names, result: Rename): void {
  for (const value of found) {
    if (value.kind !== 'expression' && value.kind !== 'template') continue;
    const references =
      value.kind === 'expression'
        ? parseExpression(value.text).references
        : parseTemplate(value.text).parts.flatMap((part) => (typeof part === 'string' ? [] : part.references));
    const after = names.follows ? renameReferences(value.text, references, names.from, names.to) : value.text;
    const pointer = `${value.pointer}/${value.kind === 'expression' ? '$' : 'tpl'}`;
    if (after !== value.text) result.changes.push({ pointer, before: value.text, after });
    if (names.follows && references.some(({ root, path }) => root === 'params' && path.length === 0)) {
      result.unsure.push({ pointer, message: 'uses params as a whole or by a computed name' });
    }
    const { sent } = names;
    const reads = sent === null ? [] : references.flatMap((one) => readOfSent(one, sentOf(names, sent)) ?? []);
    addReads(result, pointer, reads, names);
  }
}

const sentOf = ({ from }: Names, root: SentRoot): { root: SentRoot; name: string } => ({
  root,
  name: root === 'headers' ? from.toLowerCase() : from,
});

/** Adds each message once per place: an expression may read the same value twice. */
function addReads(result: Rename, pointer: string, reads: readonly SentRead[], names: Names): void {
  for (const message of new Set(reads.map((read) => messageOf(read, names)))) result.unsure.push({ pointer, message });
}

function messageOf({ named, text }: SentRead, { from, to, instead }: Names): string {
  if (!named) return `uses ${text} as sent: callers may send ${to} instead of ${from}`;
  return `reads ${text}, which exists only when the caller sends that name: ${instead}`;
}

function renameReferences(text: string, references: readonly Reference[], from: string, to: string): string {
  let after = text;
  const hits = references.filter(({ root, path }) => root === 'params' && path[0] === from);
  for (const { first, optional } of hits.toSorted((a, b) => (b.first?.start ?? 0) - (a.first?.start ?? 0))) {
    if (first !== null) after = replaceMember(after, first, optional[0] === true, to);
  }
  return after;
}

/** Applies the changes to the text. Code that was a list of lines stays a list. */
function applyChanges(source: string, changes: Rename['changes']): string {
  return changes.reduce((text, { pointer, after }) => {
    const { path, value } = followPointer(JSON.parse(text), pointer);
    return applyEdits(text, modify(text, path, Array.isArray(value) ? after.split('\n') : after, {}));
  }, source);
}
