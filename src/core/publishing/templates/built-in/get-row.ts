import { type Template, workflowSource } from '../template.schema';

export const getRowTemplate: Template = {
  id: 'get-row',
  title: 'Get a row',
  description: 'Reads one row of a table by its id; 404 when there is none.',
  handler: {
    path: 'templates/get-row.workflow.json',
    source: workflowSource([
      { id: 'row', do: 'table.get', table: 'items', row: { $: 'params.id' } },
      {
        id: 'found',
        do: 'if',
        when: { $: 'steps.row === null' },
        then: [{ id: 'missing', do: 'throw', message: 'Item not found.', status: 404 }],
      },
      { id: 'answer', do: 'respond', body: { $: 'steps.row' } },
    ]),
  },
  endpoint: {
    methods: ['GET'],
    access: { level: 'authenticated' },
    parameters: [{ name: 'id', type: 'text', in: 'query', required: true, test: '1' }],
  },
  tables: [{ name: 'items', columns: [{ name: 'name', type: 'text' }] }],
  review: [
    'The table is `items`: name yours in the step "row".',
    'Every signed-in user may read every row: add a middleware or a filter if rows have owners.',
    'All columns are answered: list the ones that callers may see in the step "answer".',
  ],
};
