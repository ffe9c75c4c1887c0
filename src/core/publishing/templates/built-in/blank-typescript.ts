import { REVIEW_ACCESS, type Template } from '../template.schema';

export const blankTypeScript: Template = {
  id: 'blank-typescript',
  title: 'A TypeScript request handler',
  description: 'Gets the request itself and returns a Response.',
  handler: {
    path: 'handler.ts',
    source: `interface Call {
  caller: { kind: string; name: string };
}

// Gets the request itself: its URL is the part after the endpoint.
export async function handler(request: Request, ctx: Call): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const body: unknown = request.method === 'POST' ? await request.json() : null;
  return Response.json({ method: request.method, query: Object.fromEntries(searchParams), body, by: ctx.caller.kind });
}
`,
  },
  endpoint: { methods: ['GET', 'POST'], access: { level: 'authenticated' } },
  review: [REVIEW_ACCESS, 'The body is not checked: declare parameters, or check it in the handler.'],
};
