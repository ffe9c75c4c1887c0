import { type Template, workflowSource } from '../template.schema';

export const proxyWithSecret: Template = {
  id: 'proxy-with-secret',
  title: 'Call another API with a secret',
  description: 'Calls an API with a token that callers never see, and returns the part of its response that they need.',
  handler: {
    path: 'templates/proxy-with-secret.workflow.json',
    source: workflowSource([
      {
        id: 'upstream',
        do: 'http.request',
        url: 'https://api.example.com/customers/:id',
        urlParams: { id: { $: 'params.id' } },
        auth: { type: 'bearer', token: { secret: 'API_TOKEN' } },
        retries: 1,
        timeoutMs: 5000,
        failOnStatus: false,
      },
      {
        id: 'ok',
        do: 'if',
        when: { $: 'steps.upstream.status === 200' },
        then: [],
        else: [{ id: 'refuse', do: 'throw', message: 'The customer is not available at the moment.', status: 502 }],
      },
      {
        id: 'answer',
        do: 'respond',
        body: { id: { $: 'params.id' }, name: { $: 'steps.upstream.body?.name ?? null' } },
      },
    ]),
  },
  endpoint: {
    methods: ['GET'],
    access: { level: 'authenticated' },
    parameters: [{ name: 'id', type: 'text', in: 'query', required: true, test: '42' }],
    secrets: ['API_TOKEN'],
    egress: ['api.example.com'],
  },
  review: [
    'Set the secret API_TOKEN, and put the real host into the step "upstream" and into the egress list.',
    'Every caller of this endpoint acts with the rights of that token: limit access accordingly.',
    'Return only the fields that callers need, as the step "answer" does.',
  ],
};
