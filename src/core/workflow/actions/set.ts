import { defineAction } from '../language/action';
import { WorkflowName, Value } from '../language/value.schema';

export const set = defineAction({
  name: 'set',
  title: 'Gives a variable a value; later steps read it at vars.<name>',
  fields: () => ({ name: WorkflowName.meta({ description: 'Name of the variable' }), value: Value }),
  variable: (step) => step.name,
  compile: (step, code) =>
    `$run.set(${code.text(step.id)}, ${code.text(step.name)}, () => (${code.value(step.value)}));`,
});
