import type { Issue } from '../../../kernel/errors';
import type { IssueCode } from '../language/action';
import { findCycle } from './call-cycle.rules';
import { checkSource } from '../actions/code-source.rules';
import { walkPaths } from './flow.rules';
import { allSteps, blocksOf, readWorkflow, type StepNode, type WorkflowTree } from '../document/read.rules';
import { checkReference, type Surroundings } from '../language/reference.rules';
import type { Scope } from '../language/scope.rules';
import { findValues, type FoundValue } from '../language/value.rules';
import type { Workflow } from '../document/workflow.schema';

/** Context of the checks besides the text. A check whose field is missing is skipped. */
export interface CheckContext extends Surroundings {
  /** The handler's own path, and the calls of the handlers that it may reach (path -> paths). For `middleware_cycle`. */
  path?: string;
  calls?: ReadonlyMap<string, readonly string[]>;
  /** Names of the secrets that the endpoint lists. */
  secrets?: readonly string[];
}
export interface CheckedWorkflow {
  /** Null when there are errors. */
  workflow: Workflow | null;
  errors: Issue[];
  warnings: Issue[];
  /** Paths of the handlers it calls, and names of the secrets it uses. */
  calls: string[];
  secrets: string[];
}

/** Steps in the source of a workflow. The checks keep a scope for each step, so their cost grows with the square. */
const MAX_STEPS = 1_000;

/** Checks a workflow's text and reports everything at once. Never throws, whatever the text. */
export function checkWorkflow(source: string, context: CheckContext = {}): CheckedWorkflow {
  const { tree, errors } = readWorkflow(source);
  if (tree === null) return { workflow: null, errors, warnings: [], calls: [], secrets: [] };
  const warnings: Issue[] = [];
  const nodes = allSteps(tree.steps);
  if (nodes.length > MAX_STEPS) {
    const message = `must have at most ${MAX_STEPS} steps, has ${nodes.length}`;
    return {
      workflow: null,
      errors: [{ pointer: '/steps', code: 'invalid_field', message }],
      warnings: [],
      calls: [],
      secrets: [],
    };
  }
  const values = new Map(nodes.map(({ node }) => [node, valuesOf(node)]));
  errors.push(...checkIds(nodes), ...checkNesting(nodes, tree.head.limits.nesting));
  for (const { node } of nodes) errors.push(...checkStep(node, values.get(node) ?? []));
  const paths = walkPaths(tree.steps, tree.head.kind === 'workflow', (node, before, round) => {
    for (const issue of checkReferences(node, values.get(node) ?? [], before, round, surroundings(tree, context))) {
      (issue.code === 'maybe_missing' ? warnings : errors).push(issue);
    }
  });
  // A step that could not be read may be the one that responds.
  const isRead = nodes.every(({ node }) => node.action !== null);
  warnings.push(...paths.filter(({ code }) => isRead || code !== 'no_response'));
  const calls = unique(nodes.flatMap(({ node }) => node.action?.calls?.(node.step) ?? []));
  const secrets = unique([...values.values()].flat().flatMap((value) => (value.kind === 'secret' ? [value.name] : [])));
  errors.push(...checkSecrets(values, context.secrets), ...checkCycle(nodes, context));
  if (context.access === 'public') warnings.push(...checkPublic(values));
  const workflow = errors.length > 0 ? null : { ...tree.head, steps: tree.steps.map((node) => node.step) };
  return { workflow, errors, warnings, calls, secrets };
}

const unique = (names: string[]): string[] => [...new Set(names)];

/** Replaces the endpoint's parameters by those of a middleware, which has its own. */
function surroundings({ head }: WorkflowTree, context: CheckContext): Surroundings {
  if (head.kind === 'workflow') return context;
  const parameters = (head.parameters ?? []).map(({ name, required, default: value }) => ({
    name,
    always: required || value !== undefined,
  }));
  return { ...context, parameters, strict: true };
}

/** Returns the computed values of a step, without those of the steps within it. */
function valuesOf(node: StepNode): FoundValue[] {
  const skip = new Set(blocksOf(node).map((block) => node.pointer + block.at));
  const source = node.action?.source?.(node.step);
  if (source !== undefined) skip.add(node.pointer + source.at);
  return findValues(node.step, node.pointer, skip);
}

function checkIds(nodes: { node: StepNode }[]): Issue[] {
  const seen = new Map<string, string>();
  return nodes.flatMap(({ node }) => {
    const first = seen.get(node.id);
    if (first === undefined) seen.set(node.id, node.pointer);
    if (first === undefined || node.id === '') return [];
    return [
      {
        pointer: `${node.pointer}/id`,
        code: 'duplicate_id' as const,
        message: `${node.id} is already the id of ${first}`,
      },
    ];
  });
}

function checkNesting(nodes: { node: StepNode; depth: number }[], limit: number): Issue[] {
  const deep = nodes.find(({ depth }) => depth + 1 > limit);
  return deep === undefined
    ? []
    : [{ pointer: deep.node.pointer, code: 'too_deep', message: `steps are nested more than ${limit} levels deep` }];
}

/** Checks a step by itself, regardless of its position. */
function checkStep(node: StepNode, values: readonly FoundValue[]): Issue[] {
  const issues: Issue[] = [];
  const report = (at: string, code: IssueCode, message: string): void =>
    void issues.push({ pointer: node.pointer + at, code, message });
  node.action?.check?.(node.step, report);
  const source = node.action?.source?.(node.step);
  for (const { offset, message } of source === undefined ? [] : checkSource(source.text))
    report(source!.at, 'bad_expression', `${message}, at offset ${offset}`);
  for (const value of values) {
    const at = value.pointer.slice(node.pointer.length);
    if (value.kind === 'malformed') report(at, 'bad_expression', value.message);
    else if (value.kind === 'secret') {
      if (node.action !== null && node.action.takesSecrets !== true)
        report(at, 'secret_not_allowed', `${node.action.name} must not use a secret: it would leave the workflow`);
    } else
      for (const { offset, message } of value.issues) report(at, 'bad_expression', `${message}, at offset ${offset}`);
  }
  return issues;
}

function checkReferences(
  node: StepNode,
  values: readonly FoundValue[],
  before: Scope,
  round: Scope,
  around: Surroundings,
): Issue[] {
  const perRound = node.flow.kind === 'loop' ? node.flow.perRound.map((at) => node.pointer + at) : [];
  const issues = values.flatMap((value) => {
    if (value.kind === 'secret' || value.kind === 'malformed') return [];
    const scope = perRound.some((at) => value.pointer.startsWith(at)) ? round : before;
    return value.references.flatMap((reference) => {
      const finding = checkReference(reference, scope, around);
      return finding === null ? [] : [{ pointer: value.pointer, ...finding }];
    });
  });
  // One expression may cause the same issue twice.
  return [...new Map(issues.map((issue) => [`${issue.pointer} ${issue.message}`, issue])).values()];
}

function checkSecrets(values: ReadonlyMap<StepNode, FoundValue[]>, listed: readonly string[] | undefined): Issue[] {
  if (listed === undefined) return [];
  return [...values.values()].flat().flatMap((value) =>
    value.kind === 'secret' && !listed.includes(value.name)
      ? [
          {
            pointer: value.pointer,
            code: 'unknown_reference' as const,
            message: `the endpoint does not list the secret ${value.name}`,
          },
        ]
      : [],
  );
}

function checkCycle(nodes: { node: StepNode }[], { path, calls }: CheckContext): Issue[] {
  if (path === undefined) return [];
  return nodes.flatMap(({ node }) => {
    const target = node.action?.calls?.(node.step);
    const cycle = target === undefined ? null : findCycle(path, target, calls ?? new Map());
    return cycle === null
      ? []
      : [
          {
            pointer: `${node.pointer}/handler`,
            code: 'middleware_cycle' as const,
            message: `calls itself: ${cycle.join(' -> ')}`,
          },
        ];
  });
}

/** Warns about secrets and changed rows in a public endpoint. */
function checkPublic(values: ReadonlyMap<StepNode, FoundValue[]>): Issue[] {
  return [...values].flatMap(([node, found]) => {
    const issues: Issue[] = [];
    if (node.action?.writes === true)
      issues.push({
        pointer: node.pointer,
        code: 'public_write',
        message: 'the endpoint is public and changes rows',
      });
    const secret = found.find((value) => value.kind === 'secret');
    if (secret !== undefined)
      issues.push({
        pointer: secret.pointer,
        code: 'public_with_secret',
        message: 'the endpoint is public and uses a secret',
      });
    return issues;
  });
}
