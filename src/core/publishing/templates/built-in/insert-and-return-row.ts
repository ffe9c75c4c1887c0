import { type Template, workflowSource } from '../template.schema';

export const insertAndReturnRow: Template = {
  id: 'insert-and-return-row',
  title: 'Insert a row and return it',
  description: 'Checks its input, adds a row that belongs to the caller, and answers it with 201.',
  handler: {
    path: 'templates/insert-and-return-row.workflow.json',
    source: workflowSource([
      {
        id: 'positive',
        do: 'if',
        when: { $: 'params.price > 0' },
        then: [],
        else: [{ id: 'refuse', do: 'throw', message: 'price must be positive', status: 400 }],
      },
      {
        id: 'row',
        do: 'table.insert',
        table: 'orders',
        values: { email: { $: 'params.email' }, price: { $: 'params.price' }, owner: { $: 'auth.user.id' } },
      },
      { id: 'answer', do: 'respond', status: 201, body: { $: 'steps.row' } },
    ]),
  },
  endpoint: {
    methods: ['POST'],
    access: { level: 'authenticated' },
    parameters: [
      { name: 'email', type: 'email', required: true, test: 'ada@example.com' },
      { name: 'price', type: 'number', required: true, test: 12.5 },
    ],
  },
  tables: [
    {
      name: 'orders',
      columns: [
        { name: 'email', type: 'text' },
        { name: 'price', type: 'number' },
        { name: 'owner', type: 'text' },
      ],
    },
  ],
  review: [
    'The table is `orders`: name yours in the step "row".',
    'Any signed-in user may add rows: limit roles or the rate of calls if that is too many.',
  ],
};
