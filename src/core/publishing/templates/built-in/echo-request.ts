import { type Template, workflowSource } from '../template.schema';

export const echoRequest: Template = {
  id: 'echo-request',
  title: 'Echo the request',
  description:
    'Answers what reached the handler: method, path, query, headers and body. Shows what a caller really sends.',
  handler: {
    path: 'templates/echo-request.workflow.json',
    source: workflowSource([
      {
        id: 'answer',
        do: 'respond',
        body: {
          $: '({ method: request.method, path: request.path, query: request.queries, headers, body, caller: auth })',
        },
      },
    ]),
  },
  endpoint: { methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], access: { level: 'authenticated' } },
  review: ['Callers see every header that reaches the handler: delete it when you no longer need it.'],
};
