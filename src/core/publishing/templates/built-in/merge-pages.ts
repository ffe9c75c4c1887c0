import { type Template, workflowSource } from '../template.schema';

export const mergePages: Template = {
  id: 'merge-pages',
  title: 'Merge the pages of another API',
  description: 'Reads the pages of an API until the last one, and returns all items as one list.',
  handler: {
    path: 'templates/merge-pages.workflow.json',
    source: workflowSource([
      { id: 'none', do: 'set', name: 'items', value: [] },
      { id: 'first', do: 'set', name: 'cursor', value: '' },
      {
        id: 'pages',
        do: 'while',
        when: { $: 'vars.cursor !== null' },
        limit: 20,
        steps: [
          {
            id: 'page',
            do: 'http.request',
            url: 'https://api.example.com/items',
            query: { limit: 100, cursor: { $: "vars.cursor === '' ? null : vars.cursor" } },
          },
          { id: 'add', do: 'set', name: 'items', value: { $: '[...vars.items, ...steps.page.body.items]' } },
          { id: 'next', do: 'set', name: 'cursor', value: { $: 'steps.page.body.nextCursor ?? null' } },
        ],
      },
      { id: 'answer', do: 'respond', body: { count: { $: 'vars.items.length' }, items: { $: 'vars.items' } } },
    ]),
  },
  endpoint: { methods: ['GET'], access: { level: 'authenticated' }, egress: ['api.example.com'] },
  review: [
    'Put the real host into the step "page" and into the egress list, and the names that its pages use for items and cursor.',
    'More than 20 pages is an error: raise the limit in the step "pages" together with the endpoint’s time limit and subrequests.',
  ],
};
