import type { Issue } from '../../../kernel/errors';
import '../../../kernel/issue-text.rules';
import { parseTree, type ParseError } from 'jsonc-parser';
import { findLoss } from '../../../kernel/json-loss.rules';
import { isObject, isTooDeep } from '../../../kernel/json.rules';
import { findAction } from '../actions/action-list';
import type { Action, Block, Flow, Step } from '../language/action';
import { pointerSegment } from '../../../kernel/json-pointer';
import { WorkflowHead } from './workflow.schema';

/** JSON levels; far more than 64 nested steps with their values need, far less than would exhaust a stack. */
const MAX_DEPTH = 400;

/** A step as read, with its position. A step that could not be read has no `action`, but it has its blocks. */
export interface StepNode {
  pointer: string;
  /** '' when the step has no id that is a string. */
  id: string;
  action: Action | null;
  step: Step;
  flow: Flow<StepNode>;
}
export interface WorkflowTree {
  head: WorkflowHead;
  steps: StepNode[];
}

/** Reads a workflow's text. `errors` has every issue of its shape; `tree` has all that could be read. */
export function readWorkflow(source: string): { tree: WorkflowTree | null; errors: Issue[] } {
  // Checked before parsing: deeper text could overflow the stack of the parser, or of a walk through its result.
  if (isTooDeep(source, MAX_DEPTH))
    return {
      tree: null,
      errors: [{ pointer: '', code: 'too_deep', message: `nested more than ${MAX_DEPTH} levels deep` }],
    };
  let json: unknown;
  try {
    json = JSON.parse(source);
  } catch {
    return {
      tree: null,
      errors: [{ pointer: '', code: 'invalid_json', message: `invalid JSON at ${placeOfError(source)}` }],
    };
  }
  const errors: Issue[] = [];
  const loss = findLoss(source);
  if (loss !== null) errors.push({ pointer: loss.pointer.slice(1), code: 'invalid_json', message: loss.message });
  refuseProto(json, '', errors);
  const head = WorkflowHead.safeParse(json);
  if (!head.success) errors.push(...toIssues(head.error, ''));
  const raw = typeof json === 'object' && json !== null && 'steps' in json ? json.steps : undefined;
  if (!Array.isArray(raw)) return { tree: null, errors };
  const steps = raw.map((step: unknown, index) => readStep(step, `/steps/${index}`, errors));
  if (head.success && head.data.kind === 'workflow' && head.data.parameters !== undefined) {
    errors.push({
      pointer: '/parameters',
      code: 'invalid_field',
      message: 'is for middleware only: a workflow has the parameters of its endpoint',
    });
  }
  return {
    tree: { head: head.success ? head.data : WorkflowHead.parse({ kind: 'workflow', steps: [] }), steps },
    errors,
  };
}

function readStep(raw: unknown, pointer: string, errors: Issue[]): StepNode {
  if (!isObject(raw)) {
    errors.push({ pointer, code: 'invalid_field', message: 'must be an object' });
    return { pointer, id: '', action: null, step: { id: '', do: '' }, flow: { kind: 'next' } };
  }
  const name = 'do' in raw && typeof raw.do === 'string' ? raw.do : '';
  const action = findAction(name);
  const result = action?.schema.safeParse(raw);
  if (action !== undefined && result?.success) {
    return {
      pointer,
      id: result.data.id,
      action,
      step: result.data,
      flow: readFlow(action, result.data, pointer, errors),
    };
  }
  if (result === undefined)
    errors.push({
      pointer: `${pointer}/do`,
      code: 'unknown_action',
      message: name === '' ? 'must be the name of an action' : `unknown action ${name}`,
    });
  else errors.push(...toIssues(result.error!, pointer));
  const id = 'id' in raw && typeof raw.id === 'string' ? raw.id : '';
  const blocks = findBlocks(raw, '').map(({ at, steps }) => readBlock({ at, steps }, pointer, errors));
  return {
    pointer,
    id,
    action: null,
    step: { ...raw, id, do: name },
    flow: { kind: 'branches', blocks, exhaustive: false },
  };
}

const readBlock = ({ at, steps }: Block<unknown>, pointer: string, errors: Issue[]): Block<StepNode> => ({
  at,
  steps: steps.map((step, index) => readStep(step, `${pointer}${at}/${index}`, errors)),
});

function readFlow(action: Action, step: Step, pointer: string, errors: Issue[]): Flow<StepNode> {
  const flow: Flow<unknown> = action.flow?.(step) ?? { kind: 'next' };
  switch (flow.kind) {
    case 'branches':
      return { ...flow, blocks: flow.blocks.map((block) => readBlock(block, pointer, errors)) };
    case 'loop':
      return { ...flow, block: readBlock(flow.block, pointer, errors) };
    case 'try':
      return {
        ...flow,
        block: readBlock(flow.block, pointer, errors),
        handler: readBlock(flow.handler, pointer, errors),
      };
    case 'next':
    case 'end':
      return flow;
  }
}

/** Returns the blocks of a step. */
export function blocksOf({ flow }: StepNode): Block<StepNode>[] {
  if (flow.kind === 'branches') return flow.blocks;
  if (flow.kind === 'loop') return [flow.block];
  return flow.kind === 'try' ? [flow.block, flow.handler] : [];
}

/** Returns every step in document order, with its depth of nesting (0 at the top). */
export function allSteps(steps: readonly StepNode[], depth = 0): { node: StepNode; depth: number }[] {
  return steps.flatMap((node) => [
    { node, depth },
    ...blocksOf(node).flatMap((block) => allSteps(block.steps, depth + 1)),
  ]);
}

/** Finds lists of objects with a `do` in a step whose own shape is unknown or wrong. */
function findBlocks(raw: object, at: string): Block<unknown>[] {
  return Object.entries(raw).flatMap(([name, value]) => {
    const here = at + pointerSegment(name);
    if (typeof value !== 'object' || value === null) return [];
    const isBlock =
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((item: unknown) => typeof item === 'object' && item !== null && 'do' in item);
    return isBlock ? [{ at: here, steps: value }] : findBlocks(value, here);
  });
}

interface ZodIssues {
  issues: readonly { path: PropertyKey[]; message: string }[];
}

const toIssues = (error: ZodIssues, pointer: string): Issue[] =>
  error.issues.map(({ path, message }) => ({
    pointer: pointer + path.map((name) => pointerSegment(String(name))).join(''),
    code: 'invalid_field',
    message,
  }));

/** Reports fields named `__proto__`: JSON.parse keeps them as data, but copying them sets a prototype. */
function refuseProto(json: unknown, pointer: string, errors: Issue[]): void {
  if (typeof json !== 'object' || json === null) return;
  for (const [name, value] of Object.entries(json)) {
    if (name === '__proto__')
      errors.push({ pointer: pointer + pointerSegment(name), code: 'invalid_field', message: 'is reserved' });
    else refuseProto(value, pointer + pointerSegment(name), errors);
  }
}

function placeOfError(source: string): string {
  const found: ParseError[] = [];
  parseTree(source, found, { disallowComments: true });
  const before = source.slice(0, found[0]?.offset ?? source.length).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
