import { createDocument } from 'zod-openapi';
import { adminRoutes } from './admin/admin.routes';
import { adminReference } from './admin/openapi';
import { instabasePaths, instabaseSecurity } from './instabase/openapi';
import { callOperations } from './reference/call-operations';
import { referenceOf } from './reference/examples';
import { INFO, TAGS } from './reference/info';
import { describeRoutes } from './reference/operations';
import { PROBLEMS } from './reference/problems';
import type { Route } from './wire/route';

/**
 * Returns the OpenAPI document of the admin API, of calls and of the Instabase dialect, from their routes and the schemas that check the
 * requests. `servers` is left to the caller.
 */
export function describeApi(admin: readonly Route[] = adminRoutes): object {
  const document = createDocument(
    {
      openapi: '3.1.0',
      info: INFO,
      tags: TAGS,
      security: [{ accessToken: [] }],
      paths: {
        ...describeRoutes(admin, adminReference),
        '/u/{path}': callOperations('Calls', 'callEndpoint', PROBLEMS),
        ...instabasePaths,
      },
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

/** Removes the bounds of safe integers: they hold for every integer, and end up in generated examples. */
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
