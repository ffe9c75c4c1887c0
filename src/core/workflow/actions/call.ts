import * as z from 'zod';
import { defineAction } from '../language/action';
import { findValues } from '../language/value.rules';
import { ValueMap } from '../language/value.schema';

export const call = defineAction({
  name: 'call',
  title:
    'Calls another workflow or handler with named parameters. Its result is the response body; a status of 400 or above is an error',
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
        report(
          value.pointer,
          'secret_not_allowed',
          'must not be a secret: a graph stores its parameters in its document',
        );
    }
  },
  compile: (step, code) =>
    `await $run.act(${code.text(step.id)}, "call", ${code.input({ handler: step.handler, with: step.with })}, $run.call);`,
});
