import type { StepLine } from '../../runtime/types';
import { REDACTED } from './mask.rules';
import { redactText, redactValue, type Hidden } from './redact.rules';

/** Returns every text and number in values, at any depth. */
function leavesOf(values: readonly unknown[]): Set<unknown> {
  const leaves = new Set<unknown>();
  const collect = (value: unknown): void => {
    if (typeof value === 'string' || typeof value === 'number') leaves.add(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  values.forEach(collect);
  return leaves;
}

/**
 * Redacts steps: values that look like credentials, and values of sensitive parameters under any name. Longer values are found in every
 * text of a run (secret-forms.rules.ts); this also finds short ones.
 */
export function redactSteps(
  steps: readonly StepLine[],
  hidden: Hidden,
  sensitiveValues: readonly unknown[],
): StepLine[] {
  const leaves = leavesOf(sensitiveValues);
  const compare = (value: unknown): unknown => {
    if (leaves.has(value)) return REDACTED;
    if (Array.isArray(value)) return value.map(compare);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, compare(item)]));
  };
  const clean = (value: unknown): unknown => {
    const redacted = redactValue(value, hidden);
    return leaves.size === 0 ? redacted : compare(redacted);
  };
  return steps.map((step) => ({
    ...step,
    id: redactText(step.id, hidden),
    action: redactText(step.action, hidden),
    ...('input' in step ? { input: clean(step.input) } : {}),
    ...('output' in step ? { output: clean(step.output) } : {}),
    ...(step.error
      ? {
          error: {
            ...step.error,
            name: redactText(step.error.name, hidden),
            message: redactText(step.error.message, hidden),
          },
        }
      : {}),
  }));
}

/** Steps that a run keeps from the start and from the end when it has too many. */
const EACH_END = 100;
/** Replaces the input and output of a step that did not fit. */
const NO_ROOM = '… (no room for it in the run)';

/**
 * Cuts the steps to `budget` characters of JSON, which keeps the row of a batch small. Keeps outcomes and times before inputs
 * and outputs, and failed steps before the rest.
 */
export function fitSteps(steps: readonly StepLine[], budget: number): { kept: StepLine[]; cut: boolean } {
  // Most runs fit.
  if (steps.length <= 2 * EACH_END && sizeOf(steps) <= budget) return { kept: [...steps], cut: false };
  const some = steps.length <= 2 * EACH_END ? [...steps] : [...steps.slice(0, EACH_END), ...steps.slice(-EACH_END)];
  const slim = some.map(withoutValues);
  let left = budget - sizeOf(slim);
  const kept = new Map<number, StepLine>();
  const inOrder = some.map((step, index) => ({ step, index }));
  const failedFirst = [
    ...inOrder.filter(({ step }) => step.outcome === 'failed'),
    ...inOrder.filter(({ step }) => step.outcome !== 'failed'),
  ];
  for (const { step, index } of failedFirst) {
    const more = sizeOf(step) - sizeOf(slim[index]);
    if (more > left) continue;
    left -= more;
    kept.set(index, step);
  }
  return { kept: slim.map((step, index) => kept.get(index) ?? step), cut: kept.size < steps.length };
}

const sizeOf = (value: unknown): number => JSON.stringify(value).length;

function withoutValues(step: StepLine): StepLine {
  const { input, output, ...rest } = step;
  return {
    ...rest,
    ...(input === undefined ? {} : { input: NO_ROOM }),
    ...(output === undefined ? {} : { output: NO_ROOM }),
  };
}
