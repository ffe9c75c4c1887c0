import { defineAction } from '../language/action';
import { Value, whole } from '../language/value.schema';

export const whileStep = defineAction({
  name: 'while',
  title:
    'Runs `steps` as long as `when` is truthy, with loop.index; still truthy after `limit` rounds is an error. Its result is {rounds}',
  fields: (block) => ({
    when: Value.meta({ description: 'Evaluated before each round' }),
    // Optional in the schema: the checks report its absence with a code of its own.
    limit: whole(1, 100_000).optional().meta({ description: 'Required: maximum number of rounds' }),
    steps: block,
  }),
  flow: (step) => ({ kind: 'loop', block: { at: '/steps', steps: step.steps }, item: false, perRound: ['/when'] }),
  check(step, report) {
    if (step.limit === undefined) report('', 'loop_without_limit', 'a while loop requires a limit');
  },
  compile: (step, code) =>
    [
      `for (const $loop of $run.while(${code.text(step.id)}, ${code.input({ limit: step.limit })}, (loop) => (${code.value(step.when)}))) {`,
      // Not the variable of the `for` itself: the limit may be computed from the enclosing loop.
      '  const loop = $loop;',
      code.block(step.steps),
      '}',
      `$run.end(${code.text(step.id)});`,
    ].join('\n'),
});
