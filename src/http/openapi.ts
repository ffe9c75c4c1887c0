import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import * as z from 'zod';
import { FAULT_CODES } from '../core/errors';
import { Use } from '../core/use/use.schema';
import { instabasePaths, instabaseSecurity } from './instabase/openapi';
import type { Route } from './route';

const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(FAULT_CODES),
    requestId: z.string(),
    errors: z.array(z.object({ pointer: z.string(), code: z.string(), message: z.string() })).optional(),
    uses: z
      .array(Use)
      .optional()
      .meta({ description: 'Of 409 in_use: what uses it; at most 100, as far as you may see' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' });

/** The OpenAPI document of the admin API and the Instabase dialect, made from the very schemas that their requests are checked with. */
export function describeRoutes(routes: Route[], origin: string): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const spec of routes) {
    const path = spec.path.replace(/:([a-zA-Z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [spec.method]: toOperation(spec) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Portico',
      version: '1',
      description: 'Manage endpoints, handlers, keys, people and runs. Published endpoints answer at /u/<path>.',
    },
    servers: [{ url: origin }],
    security: [{ accessToken: [] }],
    paths: { ...paths, ...instabasePaths },
    components: {
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer', description: 'accessToken of POST /admin/session' },
        ...instabaseSecurity,
      },
    },
  });
}

const textContent = (types: readonly string[]) =>
  Object.fromEntries(types.map((type) => [type, { schema: { type: 'string' as const } }]));

function toOperation(spec: Route): ZodOpenApiOperationObject {
  const answers = Object.entries(spec.answers).map(([status, schema]) => [
    status,
    {
      description: status === '204' ? 'Done' : 'OK',
      ...(schema ? { content: { 'application/json': { schema } } } : {}),
      ...(status === '200' && spec.files ? { content: textContent(spec.files) } : {}),
    },
  ]);
  const headers: Record<string, z.ZodType> = {};
  if (spec.method === 'post' && !spec.notReplayable) headers['idempotency-key'] = z.string().max(255).optional();
  if (spec.method === 'patch' || spec.method === 'delete')
    headers['if-match'] = z.string().optional().meta({ description: 'Revision in quotes' });
  return {
    operationId: spec.id,
    tags: [spec.tag],
    summary: spec.summary,
    description: spec.policy === 'public' ? 'Needs no access token.' : `Needs the permission ${spec.policy}.`,
    ...(spec.policy === 'public' ? { security: [] } : {}),
    requestParams: {
      ...(spec.params ? { path: spec.params } : {}),
      ...(spec.query ? { query: spec.query } : {}),
      ...(Object.keys(headers).length > 0 ? { header: z.object(headers) } : {}),
    },
    ...(spec.body ? { requestBody: { required: true, content: { 'application/json': { schema: spec.body } } } } : {}),
    ...(spec.text ? { requestBody: { required: true, content: textContent(spec.text.types) } } : {}),
    responses: {
      ...Object.fromEntries(answers),
      default: { description: 'Refused or failed', content: { 'application/problem+json': { schema: Problem } } },
    },
  };
}
