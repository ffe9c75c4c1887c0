import { renameInValues, renameParameter } from './rename-parameter.rules';
import type { MiddlewareAttachment } from '../document/workflow.schema';

/** The old and the new name of a parameter. */
export interface NameChange {
  from: string;
  to: string;
}

/** Renames all at once: `a -> b` with `b -> a` swaps the two. */
export const renameAllInSource = (source: string, changes: readonly NameChange[]): string =>
  inTwoSteps(changes).reduce((text, { from, to }) => renameParameter(text, from, to).source, source);

export const renameAllInValues = (
  values: MiddlewareAttachment['with'],
  changes: readonly NameChange[],
): MiddlewareAttachment['with'] =>
  inTwoSteps(changes).reduce((result, { from, to }) => renameInValues(result, from, to).values, values);

/** Uses temporary names where a new name is also one of the old ones. */
function inTwoSteps(changes: readonly NameChange[]): NameChange[] {
  const meets = changes.some(({ to }) => changes.some(({ from }) => from === to));
  if (!meets) return [...changes];
  const between = (index: number): string => `__between_${index}`;
  return [
    ...changes.map(({ from }, index) => ({ from, to: between(index) })),
    ...changes.map(({ to }, index) => ({ from: between(index), to })),
  ];
}
