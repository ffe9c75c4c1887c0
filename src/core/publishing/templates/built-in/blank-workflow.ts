import { REVIEW_ACCESS, type Template, workflowSource } from '../template.schema';

export const blankWorkflow: Template = {
  id: 'blank-workflow',
  title: 'An empty workflow',
  description: 'One step, which responds; add yours before it.',
  handler: {
    path: 'workflow.workflow.json',
    source: workflowSource([{ id: 'answer', do: 'respond', status: 200, body: { ok: true } }]),
  },
  endpoint: { methods: ['POST'], access: { level: 'authenticated' } },
  review: [REVIEW_ACCESS, 'Declare the parameters that its steps use.'],
};
