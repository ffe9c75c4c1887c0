import * as z from 'zod';
import { defineAction } from '../language/action';
import { Value, ValueMap, whole } from '../language/value.schema';

export const respond = defineAction({
  name: 'respond',
  title:
    'Responds to the caller and ends the workflow; with `continue`, the steps after it run once the response is delivered',
  fields: () => ({
    status: whole(200, 599).optional().meta({ description: '200 when left out' }),
    headers: ValueMap.optional(),
    body: Value.optional().meta({
      description: 'Text is sent as text/plain, everything else as JSON; no body when left out',
    }),
    continue: z.boolean().optional(),
  }),
  flow: (step) => (step.continue === true ? { kind: 'next', answers: true } : { kind: 'end', answered: true }),
  compile(step, code) {
    const input = code.input({ status: step.status, headers: step.headers, body: step.body });
    return step.continue === true
      ? `await $run.respondAndContinue(${code.text(step.id)}, ${input});`
      : `return $run.respond(${code.text(step.id)}, ${input});`;
  },
});
