import type { Issue } from './action';
import { allSteps, type StepNode } from './read.rules';
import { join, know, knowMaybe, START, type Scope } from './scope.rules';

/** Called for each step with what is known before it; `round` is what is known when a loop's own condition is evaluated. */
export type Visit = (node: StepNode, before: Scope, round: Scope) => void;

/**
 * Walks all paths through the steps once, tells `visit` what is known at each step, and finds what can be said about the paths
 * themselves: steps that never run, paths without an answer, second answers. All of these are warnings.
 */
export function walkPaths(steps: readonly StepNode[], needsAnswer: boolean, visit: Visit): Issue[] {
  const warnings: Issue[] = [];
  const warn = (pointer: string, code: Issue['code'], message: string): void =>
    void warnings.push({ pointer, code, message });

  function block(nodes: readonly StepNode[], start: Scope): Scope {
    let scope = start;
    let told = false;
    for (const node of nodes) {
      if (!scope.reachable && start.reachable && !told) {
        warn(node.pointer, 'unreachable_step', 'this step never runs: the one before it ends every path');
        told = true;
      }
      scope = after(node, scope);
    }
    return scope;
  }

  function after(node: StepNode, before: Scope): Scope {
    const { flow } = node;
    const inner = flow.kind === 'loop' ? enterLoop(flow.block.steps, flow.item, before) : before;
    visit(node, before, inner);
    switch (flow.kind) {
      case 'next':
        if (flow.answers === true) secondAnswer(node, before);
        return leave(node, { ...before, answered: flow.answers === true ? 'yes' : before.answered });
      case 'end':
        if (node.action?.name === 'respond') secondAnswer(node, before);
        if (!flow.answered && needsAnswer && before.reachable && before.answered !== 'yes') {
          warn(node.pointer, 'no_response', 'a path that ends here gives the caller 204 without a body');
        }
        return { ...leave(node, before), reachable: false };
      case 'branches': {
        const paths = flow.blocks.map((each) => block(each.steps, before));
        return leave(node, join(flow.exhaustive ? paths : [...paths, before], before));
      }
      case 'loop': {
        const end = block(flow.block.steps, inner);
        const answered = end.answered === before.answered ? before.answered : 'maybe';
        return leave(node, {
          ...before,
          steps: knowMaybe(before.steps, end.steps.sometimes),
          vars: knowMaybe(before.vars, end.vars.sometimes),
          answered,
        });
      }
      case 'try': {
        const end = block(flow.block.steps, before);
        const failed: Scope = {
          ...before,
          steps: knowMaybe(before.steps, end.steps.sometimes),
          vars: knowMaybe(before.vars, end.vars.sometimes),
          answered: before.answered === 'yes' || !answersWithin(flow.block.steps) ? before.answered : 'maybe',
          inCatch: true,
        };
        return leave(node, join([end, block(flow.handler.steps, failed)], before));
      }
    }
  }

  function secondAnswer(node: StepNode, before: Scope): void {
    if (before.reachable && before.answered !== 'no') {
      warn(
        node.pointer,
        'second_response',
        `the caller ${before.answered === 'yes' ? 'has' : 'may have'} an answer already; this step fails then`,
      );
    }
  }

  const end = block(steps, START);
  if (needsAnswer && end.reachable && end.answered !== 'yes') {
    warn('/steps', 'no_response', 'a path to the end gives the caller 204 without a body');
  }
  return warnings;
}

/** What a step leaves known: its result and its variable. A step that could not be read may or may not set anything. */
function leave(node: StepNode, scope: Scope): Scope {
  const variable = node.action?.variable?.(node.step);
  return {
    ...scope,
    steps: node.id === '' ? scope.steps : know(scope.steps, node.id),
    vars: variable === undefined ? scope.vars : know(scope.vars, variable),
  };
}

/** In a loop, what the body leaves may be there from the round before. */
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
