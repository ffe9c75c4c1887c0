import { type Template, workflowSource } from '../template.schema';

export const updateOwnRow: Template = {
  id: 'update-own-row',
  title: 'Update a row that the caller owns',
  description: 'A middleware passes only the owner of the row; the workflow then changes and returns the row.',
  handler: {
    path: 'templates/update-own-row.workflow.json',
    source: workflowSource([
      {
        id: 'row',
        do: 'table.update',
        table: 'notes',
        row: { $: 'params.id' },
        values: { text: { $: 'params.text' } },
      },
      { id: 'answer', do: 'respond', body: { $: 'steps.row' } },
    ]),
  },
  endpoint: {
    methods: ['PATCH'],
    access: { level: 'authenticated' },
    parameters: [
      { name: 'id', type: 'text', required: true, test: '1' },
      { name: 'text', type: 'longtext', required: true, test: 'A note' },
    ],
  },
  middleware: [
    {
      handler: {
        path: 'templates/owns-note.workflow.json',
        source: workflowSource(
          [
            { id: 'row', do: 'table.get', table: 'notes', row: { $: 'params.row' } },
            {
              id: 'owned',
              do: 'if',
              when: { $: 'steps.row !== null && steps.row.owner === auth.user?.id' },
              then: [],
              else: [{ id: 'refuse', do: 'throw', message: 'You do not have access to this.', status: 403 }],
            },
            { id: 'keep', do: 'set', name: 'row', value: { $: 'steps.row' } },
          ],
          {
            kind: 'middleware',
            description: 'Passes callers who own the note; its result has the row.',
            parameters: [{ name: 'row', description: 'Id of the note' }],
          },
        ),
      },
      with: { row: { $: 'params.id' } },
    },
  ],
  tables: [
    {
      name: 'notes',
      columns: [
        { name: 'text', type: 'text' },
        { name: 'owner', type: 'text' },
      ],
    },
  ],
  review: [
    'The middleware compares the column owner with the id of the signed-in user: every writer of rows must fill that column.',
    'A missing row and a row of another user get the same response, on purpose.',
    'Only the column text is changed: add others in the step "row" one by one, never the whole body.',
  ],
};
