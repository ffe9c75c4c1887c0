import type { References } from './reference';

export const templateReferences: References = {
  listTemplates: {
    description:
      'Starting points for endpoints: a handler with its settings, and the tables and middleware that it needs.',
    query: { limit: '1' },
  },
  createEndpointFromTemplate: {
    description:
      'Copies the template: handler, endpoint, and missing tables. `review` of the template lists the points to review before others call it.',
    params: { id: 'blank-javascript' },
    body: { path: 'first' },
  },
};
