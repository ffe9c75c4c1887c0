import * as z from 'zod';

/** Nouns that use others, and the kinds of use. */
const NOUNS = ['endpoint', 'handler', 'user', 'token', 'table', 'secret', 'graph', 'node', 'key', 'provider'] as const;
const AS = {
  key: 'accepts this key',
  handler: 'is linked to this handler',
  middleware: 'attaches this handler as middleware',
  after: 'runs this handler on its answers',
  onError: 'runs this handler when its own fails',
  call: 'calls this handler in a step',
  secret: 'lists this secret',
  table: 'names this table in its code',
  default: 'serves this version',
  version: 'pins this version',
  packages: 'serves a version that was saved with these packages',
  role: 'has or requires this role',
  read: 'lists this role under `read`',
  write: 'lists this role under `write`',
  executor: 'runs as this user, or creates endpoints that do',
  owner: 'belongs to this user',
} as const;

/** A resource that uses another one. */
export const Use = z.object({
  noun: z.enum(NOUNS),
  id: z.string(),
  name: z.string().meta({ description: 'Path, name or title' }),
  as: z.enum(Object.keys(AS) as [keyof typeof AS, ...(keyof typeof AS)[]]).meta({
    description: Object.entries(AS)
      .map(([as, meaning]) => `${as}: ${meaning}`)
      .join('; '),
  }),
  version: z
    .int()
    .nullable()
    .optional()
    .meta({ description: 'Of `handler`: the version that the endpoint pins; null: it follows the default one' }),
});
export type Use = z.infer<typeof Use>;

/** The response of `GET …/uses`. */
export const Uses = z.object({
  items: z.array(Use).meta({ description: 'By noun and name; at most 100' }),
  more: z.boolean().meta({ description: 'True when there are more, or some that you may not see' }),
});
export type Uses = z.infer<typeof Uses>;

/** Nouns that have a list of their uses. */
export type ListedNoun = Exclude<Used['noun'], 'path' | 'version' | 'package-set'>;

/** A resource that others use, with the fields by which they refer to it. */
export type Used =
  | { noun: 'handler'; id: string; path: string }
  /** The path of a handler alone: finds what a change of the path would break. */
  | { noun: 'path'; id: string; path: string }
  | { noun: 'version'; id: string; version: number }
  | { noun: 'key'; id: string }
  | { noun: 'user'; id: string }
  | { noun: 'role' | 'secret'; name: string }
  | { noun: 'table'; schema: string; name: string }
  /** A set of uploaded packages. */
  | { noun: 'package-set'; id: string };

/** Builds the query `?force=true`; `then` is the effect on resources that use it. */
export const forceQuery = (then: string, act = 'delete it') =>
  z.strictObject({
    force: z
      .enum(['true', 'false'])
      .optional()
      .meta({ description: `true: ${act} although it is in use; ${then}` }),
  });
