import { defineAction } from '../language/action';
import { whole } from '../language/value.schema';

export const sleep = defineAction({
  name: 'sleep',
  title:
    'Waits. The time counts against the endpoint’s time limit or, after the response, against the 25 s of work after it',
  fields: () => ({ ms: whole(0, 30_000).meta({ description: 'Milliseconds' }) }),
  compile: (step, code) =>
    `await $run.act(${code.text(step.id)}, "sleep", ${code.input({ ms: step.ms })}, $run.sleep);`,
});
