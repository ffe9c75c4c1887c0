import { defineAction } from '../language/action';
import { Value, whole } from '../language/value.schema';

export const each = defineAction({
  name: 'each',
  title: 'Iterator: runs `steps` for every item of a list, with loop.index and loop.item. Its result is {rounds}',
  fields: (block) => ({
    items: Value.meta({ description: 'A list' }),
    limit: whole(1, 100_000).optional().meta({ description: 'A longer list is an error' }),
    steps: block,
  }),
  flow: (step) => ({ kind: 'loop', block: { at: '/steps', steps: step.steps }, item: true, perRound: [] }),
  compile: (step, code) =>
    [
      `for (const $loop of $run.each(${code.text(step.id)}, ${code.input({ items: step.items, limit: step.limit })})) {`,
      // Not the variable of the `for` itself: the list may be computed from the enclosing loop.
      '  const loop = $loop;',
      code.block(step.steps),
      '}',
      `$run.end(${code.text(step.id)});`,
    ].join('\n'),
});
