import { defineAction } from '../language/action';
import { Value } from '../language/value.schema';

export const ifStep = defineAction({
  name: 'if',
  title: 'True/false split: runs `then` when `when` is truthy, else `else`. Its result is true or false',
  fields: (block) => ({ when: Value, then: block, else: block.optional() }),
  flow: (step) => ({
    kind: 'branches',
    blocks: [
      { at: '/then', steps: step.then },
      { at: '/else', steps: step.else ?? [] },
    ],
    exhaustive: true,
  }),
  compile: (step, code) =>
    [
      `if ($run.if(${code.text(step.id)}, () => (${code.value(step.when)}))) {`,
      code.block(step.then),
      ...(step.else === undefined ? [] : ['} else {', code.block(step.else)]),
      '}',
      `$run.end(${code.text(step.id)});`,
    ].join('\n'),
});
