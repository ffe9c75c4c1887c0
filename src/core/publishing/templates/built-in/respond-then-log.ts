import { type Template, workflowSource } from '../template.schema';

export const respondThenLog: Template = {
  id: 'respond-then-log',
  title: 'Respond, then write a log row',
  description: 'Answers at once and adds a row about the call afterwards, so that the caller does not wait for it.',
  handler: {
    path: 'templates/respond-then-log.workflow.json',
    source: workflowSource([
      { id: 'total', do: 'set', name: 'total', value: { $: 'params.quantity * params.price' } },
      { id: 'answer', do: 'respond', body: { total: { $: 'vars.total' } }, continue: true },
      {
        id: 'write',
        do: 'table.insert',
        table: 'calls',
        values: { caller: { $: 'auth.user?.id ?? null' }, total: { $: 'vars.total' } },
      },
    ]),
  },
  endpoint: {
    methods: ['POST'],
    access: { level: 'authenticated' },
    parameters: [
      { name: 'quantity', type: 'integer', required: true, test: 3 },
      { name: 'price', type: 'number', required: true, test: 2.5 },
    ],
  },
  tables: [
    {
      name: 'calls',
      columns: [
        { name: 'caller', type: 'text' },
        { name: 'total', type: 'number' },
      ],
    },
  ],
  review: [
    'Callers do not learn of a failure of the later step: look for runs with the status failed_after_response.',
    'Work after the response has 25 seconds.',
  ],
};
