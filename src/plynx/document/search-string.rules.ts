/** A parsed search string: `key:value` pairs, and the other words. */
export type SearchString =
  | { kind: 'search'; filters: Map<string, string>; words: string[] }
  | { kind: 'refused'; message: string };

/** Sort order of the found graphs and nodes. */
export interface SearchOrder {
  field: 'insertion_date' | 'update_date' | 'title' | 'description' | 'graph_running_status';
  descending: boolean;
  starredFirst: boolean;
}

const ORDER_FIELDS = ['insertion_date', 'update_date', 'title', 'description', 'graph_running_status'] as const;
const NO = new Set(['0', 'false', 'no', 'n', 'off', 'f']);

/**
 * Parses the text of PLynx's search box: every `key:value` is a filter (`author:default`, `sort:starred`); the rest are words of which a
 * title or description must have at least one. The last of repeated keys counts.
 */
export function readSearchString(text: string): SearchString {
  const filters = new Map<string, string>();
  const words = new Set<string>();
  for (const term of text.split(/\s+/)) {
    // A colon between two texts makes a pair; any other term is text.
    if (!term.slice(1, -1).includes(':')) {
      for (const word of splitWords(term)) words.add(word);
      continue;
    }
    const [key, value, ...more] = term.split(':');
    if (more.length > 0) return { kind: 'refused', message: `\`${term}\` has more than one colon` };
    filters.set(key!, value!);
  }
  return { kind: 'search', filters, words: [...words] };
}

/** Returns the order of a search: newest first by default. An unknown field or direction means the default. */
export function searchOrder(filters: ReadonlyMap<string, string>): SearchOrder {
  return {
    field: ORDER_FIELDS.find((field) => field === filters.get('order')) ?? 'insertion_date',
    descending: !NO.has((filters.get('desc') ?? '').toLowerCase()),
    starredFirst: filters.get('sort') === 'starred',
  };
}

/** Returns the searched text: the words of a title and a description, in lower case, each after a space. */
export const wordsOf = (title: string, description: string): string =>
  splitWords(`${title} ${description}`)
    .map((word) => ` ${word}`)
    .join('')
    .slice(0, MAX_LENGTH);

// Only the beginning of a very long description is searchable.
const MAX_LENGTH = 20_000;

/** Returns the words of a text in lower case: letters, digits and underscores. */
const splitWords = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
