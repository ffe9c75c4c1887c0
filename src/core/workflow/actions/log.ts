import * as z from 'zod';
import { defineAction } from '../language/action';
import { Value } from '../language/value.schema';

export const log = defineAction({
  name: 'log',
  title: 'Writes a line into the run’s log',
  fields: () => ({ message: Value, level: z.enum(['debug', 'info', 'warn', 'error']).optional() }),
  compile: (step, code) =>
    `$run.log(${code.text(step.id)}, ${code.text(step.level ?? 'info')}, () => (${code.value(step.message)}));`,
});
