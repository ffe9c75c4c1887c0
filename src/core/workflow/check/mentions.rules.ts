import { mentionsInJavaScript } from '../../code/mentions-in-javascript.rules';
import type { Mention } from '../../code/mention.rules';
import { allSteps, type StepNode, type WorkflowTree } from '../document/read.rules';

/** Returns the handlers, tables and hosts that a workflow names, with pointers. Secrets are checked like references instead. */
export const mentionsInWorkflow = ({ steps }: WorkflowTree): Mention[] =>
  allSteps(steps).flatMap(({ node }) => mentionsOf(node));

function mentionsOf({ action, step, pointer }: StepNode): Mention[] {
  const called = action?.calls?.(step);
  const named = action?.mentions?.(step) ?? [];
  const code = action?.source?.(step);
  return [
    ...(called === undefined ? [] : [{ kind: 'handler' as const, name: called, pointer: `${pointer}/handler` }]),
    ...named.map(({ at, kind, name }) => ({ kind, name, pointer: pointer + at })),
    ...(code === undefined ? [] : mentionsInJavaScript(code.text))
      .filter(({ kind }) => kind !== 'secret')
      .map(({ kind, name }) => ({ kind, name, pointer: pointer + code!.at })),
  ];
}
