import { defineAction } from '../language/action';

export const tryStep = defineAction({
  name: 'try',
  title:
    'Runs `steps`; when one fails, `catch` runs with error.message, error.cause, error.status, error.name and error.step. Its result is {failed}',
  fields: (block) => ({ steps: block, catch: block }),
  flow: (step) => ({
    kind: 'try',
    block: { at: '/steps', steps: step.steps },
    handler: { at: '/catch', steps: step.catch },
  }),
  compile: (step, code) =>
    [
      `$run.try(${code.text(step.id)});`,
      'try {',
      code.block(step.steps),
      '} catch ($error) {',
      `const error = $run.catch(${code.text(step.id)}, $error);`,
      code.block(step.catch),
      '}',
      `$run.end(${code.text(step.id)});`,
    ].join('\n'),
});
