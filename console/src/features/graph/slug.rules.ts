/** Returns a title as a part of a path: `Sum of digits` becomes `sum-of-digits`; `graph` where nothing is left. */
export const slugOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'graph';
