import { type Template, workflowSource } from '../template.schema';

export const webhookReceiver: Template = {
  id: 'webhook-receiver',
  title: 'Receive a webhook',
  description: 'Checks the HMAC-SHA-256 signature of the body, answers 202 at once and stores the event afterwards.',
  handler: {
    path: 'templates/webhook-receiver.workflow.json',
    source: workflowSource([
      {
        id: 'signed',
        do: 'code',
        note: 'True when the header x-signature is "sha256=" and the HMAC of the body as it was sent, in hex.',
        with: { secret: { secret: 'WEBHOOK_SECRET' } },
        source: [
          "const given = /^sha256=([0-9a-f]{64})$/.exec(headers['x-signature'] ?? '');",
          'if (given === null) return false;',
          'const bytes = Uint8Array.from(given[1].match(/../g), (pair) => parseInt(pair, 16));',
          'const encoder = new TextEncoder();',
          "const algorithm = { name: 'HMAC', hash: 'SHA-256' };",
          "const key = await crypto.subtle.importKey('raw', encoder.encode(input.secret), algorithm, false, ['verify']);",
          '// verify compares in constant time',
          "return crypto.subtle.verify('HMAC', key, bytes, encoder.encode(request.text));",
        ],
      },
      {
        id: 'check',
        do: 'if',
        when: { $: 'steps.signed' },
        then: [],
        else: [{ id: 'refuse', do: 'throw', message: 'The signature is invalid.', status: 401 }],
      },
      { id: 'answer', do: 'respond', status: 202, body: { received: true }, continue: true },
      {
        id: 'store',
        do: 'table.insert',
        table: 'events',
        values: { type: { $: "String(body?.type ?? 'unknown')" }, payload: { $: 'body' } },
      },
    ]),
  },
  endpoint: { methods: ['POST'], access: { level: 'public' }, secrets: ['WEBHOOK_SECRET'], log: 'audited' },
  tables: [
    {
      name: 'events',
      columns: [
        { name: 'type', type: 'text' },
        { name: 'payload', type: 'json' },
      ],
    },
  ],
  review: [
    'The endpoint is public: only the signature protects it. Set the secret WEBHOOK_SECRET before you give the URL to the sender.',
    'Senders differ in the header and form of their signature: compare the step "signed" with what yours documents.',
    'Senders retry events: check for an event id in the step "store" if a duplicate would do harm.',
    'Set a rate limit: every call with a wrong signature still runs the check.',
  ],
};
