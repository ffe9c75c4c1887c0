import { REVIEW_ACCESS, type Template, workflowSource } from '../template.schema';

export const helloJson: Template = {
  id: 'hello-json',
  title: 'Hello, JSON',
  description: 'Takes a name and returns a greeting as JSON.',
  handler: {
    path: 'templates/hello-json.workflow.json',
    source: workflowSource([{ id: 'answer', do: 'respond', body: { message: { tpl: 'Hello, {{params.name}}!' } } }]),
  },
  endpoint: {
    methods: ['GET', 'POST'],
    access: { level: 'authenticated' },
    parameters: [{ name: 'name', type: 'text', in: 'query', default: 'world', test: 'Ada' }],
  },
  review: [REVIEW_ACCESS],
};
