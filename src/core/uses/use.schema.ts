import * as z from 'zod';

/** Nouns that use others, and what they use them as. */
const NOUNS = ['endpoint', 'handler', 'user', 'token', 'table', 'secret', 'graph', 'node'] as const;
const AS = {
  key: 'accepts this key',
  handler: 'is linked to this handler',
  middleware: 'attaches this handler as middleware',
  call: 'calls this handler in a step',
  secret: 'lists this secret',
  table: 'names this table in its code',
  default: 'serves this version',
  version: 'pins this version',
  role: 'has or asks for this role',
  read: 'lists this role under `read`',
  write: 'lists this role under `write`',
  executor: 'runs as this user, or makes endpoints that do',
  owner: 'belongs to this user',
} as const;

/** Something that uses something else. */
export const Use = z.object({
  noun: z.enum(NOUNS),
  id: z.string(),
  name: z.string().meta({ description: 'Path, name or title' }),
  as: z.enum(Object.keys(AS) as [keyof typeof AS, ...(keyof typeof AS)[]]).meta({
    description: Object.entries(AS)
      .map(([as, meaning]) => `${as}: ${meaning}`)
      .join('; '),
  }),
});
export type Use = z.infer<typeof Use>;

/** The answer of `GET …/uses`. */
export const Uses = z.object({
  items: z.array(Use).meta({ description: 'By noun and name; at most 100' }),
  more: z.boolean().meta({ description: 'There are more, or some that you may not see' }),
});
export type Uses = z.infer<typeof Uses>;

/** Nouns that have a list of their uses. */
export type ListedNoun = Exclude<Used['noun'], 'path' | 'version'>;

/** Something that others use, with the words that they name it by. */
export type Used =
  | { noun: 'handler'; id: string; path: string }
  /** The path of a handler alone: what has to be left alone when it gets another. */
  | { noun: 'path'; id: string; path: string }
  | { noun: 'version'; id: string; version: number }
  | { noun: 'key'; id: string }
  | { noun: 'user'; id: string }
  | { noun: 'role' | 'secret'; name: string }
  | { noun: 'table'; schema: string; name: string };

/** `?force=true` of a deletion; `then` is what becomes of those that use it. */
export const forceQuery = (then: string, act = 'delete it') =>
  z.strictObject({
    force: z
      .enum(['true', 'false'])
      .optional()
      .meta({ description: `true: ${act} although it is in use; ${then}` }),
  });
