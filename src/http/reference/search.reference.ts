import type { References } from './reference';

export const searchReferences: References = {
  search: {
    description:
      'At most five of each noun, newest first, of what your roles let you see. A whole id finds what it names.',
    query: { q: 'quote' },
  },
};
