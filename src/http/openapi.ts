import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import * as z from 'zod';
import { rolesThatMay, type Permission } from '../core/access/permissions';
import { instabasePaths, instabaseSecurity } from './instabase/openapi';
import { callOperations } from './reference/call-operations';
import { RECORDED_ANSWERS, referenceOf } from './reference/examples';
import { pickProblems, PROBLEMS } from './reference/problems';
import { INFO, TAGS } from './reference/info';
import type { Route } from './wire/route';

/** Returns the OpenAPI document of the admin API, of calls and of the Instabase dialect, from the schemas that check their requests. `servers` is left to the caller. */
export function describeRoutes(routes: Route[]): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const spec of routes) {
    const path = spec.path.replace(/:([a-zA-Z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [spec.method]: toOperation(spec) };
  }
  const document = createDocument(
    {
      openapi: '3.1.0',
      info: INFO,
      tags: TAGS,
      security: [{ accessToken: [] }],
      paths: { ...paths, '/u/{path}': callOperations('Calls', 'callEndpoint', PROBLEMS), ...instabasePaths },
      components: {
        securitySchemes: {
          accessToken: { type: 'http', scheme: 'bearer', description: '`accessToken` of `POST /admin/session`' },
          ...instabaseSecurity,
        },
      },
    },
    { override: ({ jsonSchema }) => dropSafeBounds(jsonSchema) },
  );
  for (const item of Object.values(document.paths ?? {}))
    for (const operation of Object.values(item)) addParameterExamples(operation as DescribedOperation);
  return document;
}

/** Every integer is a safe one: bounds that tell nothing else are noise, and end up in generated examples. */
function dropSafeBounds(schema: { minimum?: number; maximum?: number }): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

interface DescribedOperation {
  operationId: string;
  parameters?: { name: string; in: string; schema: { type?: string }; example?: unknown }[];
}

function addParameterExamples({ operationId, parameters = [] }: DescribedOperation): void {
  const { params = {}, query = {} } = referenceOf(operationId) ?? {};
  for (const parameter of parameters) {
    const values = parameter.in === 'path' ? params : query;
    const value = values[parameter.name];
    if (value !== undefined) parameter.example = parameter.schema.type === 'integer' ? Number(value) : value;
  }
}

function toOperation(spec: Route): ZodOpenApiOperationObject {
  const { description = '', body, text } = referenceOf(spec.id) ?? {};
  const headers = headersOf(spec);
  return {
    operationId: spec.id,
    tags: [spec.tag],
    summary: spec.summary,
    description: [description, permissionOf(spec.policy)].join('\n\n').trim(),
    ...(spec.policy === 'public' ? { security: [] } : {}),
    requestParams: {
      ...(spec.params ? { path: spec.params } : {}),
      ...(spec.query ? { query: spec.query } : {}),
      ...(Object.keys(headers).length > 0 ? { header: z.object(headers) } : {}),
    },
    ...(spec.body ? { requestBody: { required: true, content: json(spec.body, body) } } : {}),
    ...(spec.text ? { requestBody: { required: true, content: textOf(spec.text.types, text) } } : {}),
    responses: { ...answersOf(spec), ...pickProblems(PROBLEMS, statusesOf(spec)) },
  };
}

const permissionOf = (policy: Permission | 'public'): string => {
  if (policy === 'public') return 'Needs no access token.';
  const roles = rolesThatMay(policy);
  return `Needs the permission \`${policy}\`: ${typeof roles === 'string' ? roles : ['admin', ...roles].join(', ')}.`;
};

const json = (schema: z.ZodType, example: unknown) => ({
  'application/json': { schema, ...(example === undefined ? {} : { example }) },
});
/** A text in one of several types; the example is in the first. */
const textOf = (types: readonly string[], example: unknown) =>
  Object.fromEntries(
    types.map((type, at) => [
      type,
      { schema: { type: 'string' as const }, ...(at === 0 && example ? { example } : {}) },
    ]),
  );

function headersOf(spec: Route): Record<string, z.ZodType> {
  const headers: Record<string, z.ZodType> = {};
  if (spec.method === 'post' && !spec.notReplayable)
    headers['idempotency-key'] = z.string().max(255).optional().meta({
      description: 'A value of your own for this request: a repeat within 24 hours gets the first answer',
    });
  if (spec.ifMatch)
    headers['if-match'] = z
      .string()
      .optional()
      .meta({ description: 'The revision that the change is based on, in quotes: 412 when it is another by now' });
  return headers;
}

function answersOf(spec: Route): ZodOpenApiOperationObject['responses'] {
  const example = RECORDED_ANSWERS[spec.id];
  return Object.fromEntries(
    Object.entries(spec.answers).map(([status, schema]) => [
      status,
      {
        description: status === '201' ? 'Created' : status === '204' ? 'Done' : 'OK',
        ...(schema ? { content: json(schema, example) } : {}),
        ...(status === '200' && spec.files ? { content: textOf(spec.files, example) } : {}),
      },
    ]),
  );
}

/** What an operation may be refused with, by what it takes. */
function statusesOf(spec: Route): Set<number> {
  const isPublic = spec.policy === 'public';
  const hasBody = spec.body !== undefined || spec.text !== undefined;
  const writes = spec.method !== 'get';
  const headers = headersOf(spec);
  return new Set([
    ...(hasBody || spec.query || Object.keys(headers).length > 0 ? [400] : []),
    401,
    ...(isPublic ? [] : [403]),
    ...(spec.params ? [404] : []),
    ...(writes && (!spec.notReplayable || spec.id === 'bootstrap') ? [409] : []),
    ...('if-match' in headers ? [412] : []),
    ...(hasBody ? [413, 415, 422] : []),
    ...(isPublic ? [429] : []),
  ]);
}
