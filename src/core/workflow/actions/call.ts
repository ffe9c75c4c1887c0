import * as z from 'zod';
import { defineAction } from '../language/action';
import { findValues } from '../language/value.rules';
import { ValueMap } from '../language/value.schema';

export const call = defineAction({
  name: 'call',
  title:
    'Calls another workflow or handler with parameters by name. Its result is what that answers; an answer of 400 and above is an error',
  fields: () => ({
    handler: z.string().min(1).max(512).meta({ description: 'Path of the handler; its default version runs' }),
    with: ValueMap.optional().meta({ description: 'Its parameters, by name' }),
  }),
  takesSecrets: true,
  calls: (step) => step.handler,
  check: (step, report) => {
    if (!step.handler.endsWith('.graph.json')) return;
    for (const value of findValues(step.with, '/with')) {
      if (value.kind === 'secret')
        report(value.pointer, 'secret_not_allowed', 'a graph cannot be given a secret: it would be in its document');
    }
  },
  compile: (step, code) =>
    `await $run.act(${code.text(step.id)}, "call", ${code.input({ handler: step.handler, with: step.with })}, $run.call);`,
});
