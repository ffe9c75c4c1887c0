import { defineAction } from '../language/action';
import { TextValue, Value, whole } from '../language/value.schema';

export const throwStep = defineAction({
  name: 'throw',
  title:
    'Fails with a message. With `status` the caller gets that status and the message; without, a 500 without details',
  fields: () => ({ message: TextValue, status: whole(400, 599).optional(), cause: Value.optional() }),
  flow: () => ({ kind: 'end', answered: true }),
  compile: (step, code) =>
    `$run.throw(${code.text(step.id)}, ${code.input({ message: step.message, status: step.status, cause: step.cause })});`,
});
