import { REVIEW_ACCESS, type Template } from '../template.schema';

export const blankJavaScript: Template = {
  id: 'blank-javascript',
  title: 'A JavaScript function',
  description: 'A function that gets its parameters by name and returns JSON.',
  handler: {
    path: 'function.js',
    source: `// Gets the endpoint's parameters by name; its return value is the response.
export default function ({ name1, name2 }, ctx) {
  console.log('called by', ctx.caller.kind);
  return { hello: [name1, name2] };
}
`,
  },
  endpoint: {
    methods: ['POST'],
    access: { level: 'authenticated' },
    parameters: [
      { name: 'name1', type: 'text', required: true, test: 'Ada' },
      { name: 'name2', type: 'text', default: 'Grace', test: 'Grace' },
    ],
  },
  review: [REVIEW_ACCESS, 'Declare its parameters and their types.'],
};
