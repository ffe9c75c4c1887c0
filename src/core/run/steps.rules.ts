import type { StepLine } from '../../runtime/types';
import { REDACTED, redactText, redactValue } from './redact.rules';

/** Values of sensitive parameters. Texts of three characters and more are looked for inside of others, the rest is only compared. */
export interface SensitiveValues {
  whole: ReadonlySet<unknown>;
  parts: readonly string[];
}
const MIN_PART = 3;

/** Every text and number in the values of sensitive parameters, at any depth. */
export function sensitiveValues(values: readonly unknown[]): SensitiveValues {
  const whole = new Set<unknown>();
  const collect = (value: unknown): void => {
    if (typeof value === 'string' || typeof value === 'number') whole.add(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  values.forEach(collect);
  const texts = [...whole].filter((value) => value !== '').map(String);
  return { whole, parts: texts.filter((text) => text.length >= MIN_PART).sort((a, b) => b.length - a.length) };
}

/**
 * Steps as they may be stored: what a sensitive parameter was, wherever a step took it, and whatever looks like a credential is taken
 * out. A parameter goes through a workflow under other names, so names alone do not do.
 */
export function redactSteps(
  steps: readonly StepLine[],
  sensitive: ReadonlySet<string>,
  values: SensitiveValues,
): StepLine[] {
  const scrub = (value: unknown): unknown => {
    if (values.whole.has(value)) return REDACTED;
    if (typeof value === 'string') return values.parts.reduce((text, part) => text.replaceAll(part, REDACTED), value);
    if (Array.isArray(value)) return value.map(scrub);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, scrub(item)]));
  };
  const clean = (value: unknown): unknown => {
    const redacted = redactValue(value, sensitive);
    return values.whole.size === 0 ? redacted : scrub(redacted);
  };
  return steps.map((step) => ({
    ...step,
    ...('input' in step ? { input: clean(step.input) } : {}),
    ...('output' in step ? { output: clean(step.output) } : {}),
    ...(step.error ? { error: { ...step.error, message: String(clean(redactText(step.error.message))) } } : {}),
  }));
}

/** Steps that a run keeps when there are too many: this many of the first and of the last. */
const EACH_END = 100;
/** What stands for the input and output of a step that there was no room for. */
const NO_ROOM = '… (no room for it in the run)';

/**
 * Keeps as much of the steps as fits into `budget` characters of JSON: a run record travels in one queue message. That a step ran, how
 * and when, is kept before what it was given; what failed is kept before the rest.
 */
export function fitSteps(steps: readonly StepLine[], budget: number): { steps: StepLine[]; cut: boolean } {
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
  return { steps: slim.map((step, index) => kept.get(index) ?? step), cut: kept.size < steps.length };
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
