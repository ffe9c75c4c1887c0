import type { Issue } from '../../../kernel/errors';
import { allSteps, type StepNode } from '../document/read.rules';
import { join, know, knowMaybe, START, type Scope } from '../language/scope.rules';

/** Called for each step with the scope before it; `round` is the scope in which a loop's own condition is evaluated. */
export type Visit = (node: StepNode, before: Scope, round: Scope) => void;

interface Walk {
  needsAnswer: boolean;
  visit: Visit;
  warnings: Issue[];
}

/**
 * Walks all paths through the steps once and calls `visit` with the scope at each step. Returns warnings about the paths: steps that
 * never run, paths without a response, second responses.
 */
export function walkPaths(steps: readonly StepNode[], needsAnswer: boolean, visit: Visit): Issue[] {
  const walk: Walk = { needsAnswer, visit, warnings: [] };
  const end = walkBlock(walk, steps, START);
  if (needsAnswer && end.reachable && end.answered !== 'yes') {
    warn(walk, '/steps', 'no_response', 'a path to the end gives the caller 204 without a body');
  }
  return walk.warnings;
}

const warn = (walk: Walk, pointer: string, code: Issue['code'], message: string): void =>
  void walk.warnings.push({ pointer, code, message });

function walkBlock(walk: Walk, nodes: readonly StepNode[], start: Scope): Scope {
  let scope = start;
  let warned = false;
  for (const node of nodes) {
    if (!scope.reachable && start.reachable && !warned) {
      warn(walk, node.pointer, 'unreachable_step', 'this step never runs: the one before it ends every path');
      warned = true;
    }
    scope = walkStep(walk, node, scope);
  }
  return scope;
}

function walkStep(walk: Walk, node: StepNode, before: Scope): Scope {
  const { flow } = node;
  const inner = flow.kind === 'loop' ? enterLoop(flow.block.steps, flow.item, before) : before;
  walk.visit(node, before, inner);
  switch (flow.kind) {
    case 'next':
      if (flow.answers === true) checkAnswer(walk, node, before);
      return leave(node, { ...before, answered: flow.answers === true ? 'yes' : before.answered });
    case 'end':
      checkEnd(walk, node, flow.answered, before);
      return { ...leave(node, before), reachable: false };
    case 'branches': {
      const paths = flow.blocks.map((block) => walkBlock(walk, block.steps, before));
      return leave(node, join(flow.exhaustive ? paths : [...paths, before], before));
    }
    case 'loop': {
      const end = walkBlock(walk, flow.block.steps, inner);
      return leave(node, {
        ...sometimes(before, end),
        answered: end.answered === before.answered ? before.answered : 'maybe',
      });
    }
    case 'try': {
      const end = walkBlock(walk, flow.block.steps, before);
      const mayHaveAnswered = before.answered !== 'yes' && answersWithin(flow.block.steps);
      const failed: Scope = {
        ...sometimes(before, end),
        answered: mayHaveAnswered ? 'maybe' : before.answered,
        inCatch: true,
      };
      return leave(node, join([end, walkBlock(walk, flow.handler.steps, failed)], before));
    }
  }
}

/** Returns the scope after a block that may have run in part, or not at all. */
const sometimes = (before: Scope, end: Scope): Scope => ({
  ...before,
  steps: knowMaybe(before.steps, end.steps.sometimes),
  vars: knowMaybe(before.vars, end.vars.sometimes),
});

function checkEnd(walk: Walk, node: StepNode, answered: boolean, before: Scope): void {
  if (node.action?.name === 'respond') checkAnswer(walk, node, before);
  if (!answered && walk.needsAnswer && before.reachable && before.answered !== 'yes') {
    warn(walk, node.pointer, 'no_response', 'a path that ends here gives the caller 204 without a body');
  }
}

function checkAnswer(walk: Walk, node: StepNode, before: Scope): void {
  if (!before.reachable || before.answered === 'no') return;
  const has = before.answered === 'yes' ? 'has' : 'may have';
  warn(walk, node.pointer, 'second_response', `the caller ${has} a response already; then this step fails`);
}

/** Returns the scope after a step, with its result and its variable. A step that could not be read may or may not set anything. */
function leave(node: StepNode, scope: Scope): Scope {
  const variable = node.action?.variable?.(node.step);
  return {
    ...scope,
    steps: node.id === '' ? scope.steps : know(scope.steps, node.id),
    vars: variable === undefined ? scope.vars : know(scope.vars, variable),
  };
}

/** Returns the scope at the start of a round: results and variables of the body may exist from an earlier round. */
function enterLoop(body: readonly StepNode[], item: boolean, before: Scope): Scope {
  const nodes = allSteps(body).map(({ node }) => node);
  return {
    ...before,
    steps: knowMaybe(
      before.steps,
      nodes.map((node) => node.id),
    ),
    vars: knowMaybe(
      before.vars,
      nodes.flatMap((node) => node.action?.variable?.(node.step) ?? []),
    ),
    loop: item ? 'item' : 'index',
    answered: before.answered === 'no' && answersWithin(body) ? 'maybe' : before.answered,
  };
}

const answersWithin = (steps: readonly StepNode[]): boolean =>
  allSteps(steps).some(({ node }) => node.flow.kind === 'next' && node.flow.answers === true);
