import * as z from 'zod';
import { defineAction } from '../language/action';
import { Value } from '../language/value.schema';

export const switchStep = defineAction({
  name: 'switch',
  title:
    'Multi-option split: runs the steps of the first case whose `when` is truthy, or `default`. Its result is the number of the case, or -1',
  fields: (block) => ({
    cases: z
      .array(z.strictObject({ when: Value, steps: block }))
      .min(1)
      .max(50),
    default: block.optional(),
  }),
  flow: (step) => ({
    kind: 'branches',
    blocks: [
      ...step.cases.map(({ steps }, index) => ({ at: `/cases/${index}/steps`, steps })),
      { at: '/default', steps: step.default ?? [] },
    ],
    exhaustive: true,
  }),
  compile(step, code) {
    const tests = step.cases.map(({ when }) => `() => (${code.value(when)})`);
    return [
      `switch ($run.switch(${code.text(step.id)}, [${tests.join(', ')}])) {`,
      ...step.cases.flatMap(({ steps }, index) => [`case ${index}: {`, code.block(steps), 'break;', '}']),
      ...(step.default === undefined ? [] : ['default: {', code.block(step.default), '}']),
      '}',
      `$run.end(${code.text(step.id)});`,
    ].join('\n');
  },
});
