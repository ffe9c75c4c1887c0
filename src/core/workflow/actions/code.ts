import * as z from 'zod';
import { defineAction } from '../language/action';
import { ValueMap } from '../language/value.schema';

const joined = (source: string | string[]): string => (typeof source === 'string' ? source : source.join('\n'));

export const code = defineAction({
  name: 'code',
  title:
    'Runs the body of an async JavaScript function, which can use the roots, `input` (the values of `with`) and `tables`. Its result is the return value',
  fields: () => ({
    source: z
      .union([z.string().max(100_000), z.array(z.string().max(10_000)).max(5_000)])
      .meta({ description: 'Text, or its lines' }),
    with: ValueMap.optional().meta({
      description: 'Named values that the body reads as input.<name>; the only way to a secret',
    }),
  }),
  takesSecrets: true,
  source: (step) => ({ at: '/source', text: joined(step.source) }),
  compile: (step, writer) =>
    `await $run.act(${writer.text(step.id)}, "code", () => (${writer.value(step.with ?? {})}), (input) => ${writer.routine(step.id, joined(step.source))});`,
});
