import type { References } from './reference';

export const batchReferences: References = {
  readBatch: {
    description:
      'Answers each path as a GET of it alone would: with its own permission, status and body, so that one error leaves the others as they are. Answers are written as they come, each on a line of its own; six reads are in progress at once. Reads of files and streams, and those without a credential, are not in batches.',
    body: { paths: ['/admin/keys?limit=0', '/admin/roles?limit=1'] },
  },
};
