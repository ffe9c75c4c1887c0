import { type Template, workflowSource } from '../template.schema';

export const validateAndMapErrors: Template = {
  id: 'validate-and-map-errors',
  title: 'Validate, and turn errors into responses',
  description:
    'Collects all issues of the input in one 422, and turns failures of another API into messages that callers can act on.',
  handler: {
    path: 'templates/validate-and-map-errors.workflow.json',
    source: workflowSource([
      { id: 'clean', do: 'set', name: 'problems', value: [] },
      {
        id: 'quantity',
        do: 'if',
        when: { $: 'params.quantity > 100' },
        then: [
          {
            id: 'tooMany',
            do: 'set',
            name: 'problems',
            value: { $: "[...vars.problems, { field: 'quantity', message: 'at most 100 at a time' }]" },
          },
        ],
      },
      {
        id: 'sku',
        do: 'if',
        when: { $: '!/^[A-Z]{2}-[0-9]{3}$/.test(params.sku)' },
        then: [
          {
            id: 'badSku',
            do: 'set',
            name: 'problems',
            value: { $: "[...vars.problems, { field: 'sku', message: 'must look like AB-123' }]" },
          },
        ],
      },
      {
        id: 'valid',
        do: 'if',
        when: { $: 'vars.problems.length > 0' },
        then: [{ id: 'invalid', do: 'respond', status: 422, body: { errors: { $: 'vars.problems' } } }],
      },
      {
        id: 'guard',
        do: 'try',
        steps: [
          {
            id: 'stock',
            do: 'http.request',
            url: 'https://stock.example.com/:sku',
            urlParams: { sku: { $: 'params.sku' } },
          },
        ],
        catch: [
          {
            id: 'why',
            do: 'switch',
            cases: [
              {
                when: { $: 'error.cause?.status === 404' },
                steps: [{ id: 'unknown', do: 'respond', status: 404, body: { error: 'We do not sell that.' } }],
              },
              {
                when: { $: 'error.cause?.status === 429' },
                steps: [
                  {
                    id: 'busy',
                    do: 'respond',
                    status: 503,
                    headers: { 'retry-after': '5' },
                    body: { error: 'Try again in a moment.' },
                  },
                ],
              },
            ],
            default: [
              { id: 'note', do: 'log', level: 'error', message: { tpl: 'stock: {{error.message}}' } },
              { id: 'down', do: 'respond', status: 502, body: { error: 'Stock is not available at the moment.' } },
            ],
          },
        ],
      },
      { id: 'answer', do: 'respond', body: { available: { $: '(steps.stock?.body?.count ?? 0) >= params.quantity' } } },
    ]),
  },
  endpoint: {
    methods: ['POST'],
    access: { level: 'authenticated' },
    parameters: [
      { name: 'sku', type: 'text', required: true, test: 'AB-123' },
      { name: 'quantity', type: 'integer', required: true, test: 2 },
    ],
    egress: ['stock.example.com'],
  },
  review: [
    'Put the real host into the step "stock" and into the egress list.',
    'Messages reach callers unchanged: keep confidential details out of them.',
  ],
};
