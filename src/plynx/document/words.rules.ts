/** What a search looks at: the words of a title and a description, in lower case, each after a space. */
export const wordsOf = (title: string, description: string): string =>
  (`${title} ${description}`.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [])
    .map((word) => ` ${word}`)
    .join('')
    .slice(0, MOST_LENGTH);

// Of a description that is a book, its beginning is found.
const MOST_LENGTH = 20_000;
