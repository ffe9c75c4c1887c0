import * as z from 'zod';

export const SearchQuery = z.strictObject({
  q: z.string().trim().min(1).max(100).meta({ description: 'A part of a path, title, alias or name, or a whole id' }),
});
export type SearchQuery = z.infer<typeof SearchQuery>;

/** Nouns that can be found. */
const FOUND_NOUNS = ['endpoint', 'handler', 'key', 'table', 'graph', 'user'] as const;
export type FoundNoun = (typeof FOUND_NOUNS)[number];

export const SearchResult = z.object({
  items: z
    .array(
      z.object({
        noun: z.enum(FOUND_NOUNS),
        id: z.string(),
        name: z.string().meta({ description: 'Path, alias, title or name' }),
      }),
    )
    .meta({ description: 'At most 5 of each noun, newest first: what you may see' }),
});
export type SearchResult = z.infer<typeof SearchResult>;
