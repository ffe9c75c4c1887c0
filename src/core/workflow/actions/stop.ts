import { defineAction } from '../language/action';

export const stop = defineAction({
  name: 'stop',
  title: 'Ends the workflow here without responding. In a middleware: passes',
  fields: () => ({}),
  flow: () => ({ kind: 'end', answered: false }),
  compile: (step, code) => `return $run.stop(${code.text(step.id)});`,
});
