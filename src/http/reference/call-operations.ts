import type { ZodOpenApiOperationObject, ZodOpenApiPathItemObject } from 'zod-openapi';
import * as z from 'zod';
import { METHODS } from '../../kernel/http-methods';
import { callId } from './calls.reference';
import { referenceOf } from './examples';
import { pickProblems, type Problems } from './problems';

/** Statuses with which Portico itself may answer a call. */
const REFUSED = [400, 401, 403, 404, 413, 415, 422, 429] as const;
const WITH_BODY: readonly string[] = ['POST', 'PUT', 'PATCH'];

/** The handler defines body and response; the endpoint defines the credentials. */
export function callOperations(tag: string, idPrefix: string, problems: Problems): ZodOpenApiPathItemObject {
  const operation = (method: string): ZodOpenApiOperationObject => {
    const operationId = callId(idPrefix, method);
    const { description = '', body } = referenceOf(operationId) ?? {};
    return {
      operationId,
      tags: [tag],
      summary: `Call an endpoint with ${method}`,
      description,
      security: [{ apiKey: [] }, { endpointToken: [] }, { namedToken: [] }, {}],
      requestParams: { path: z.strictObject({ path: z.string() }) },
      ...(WITH_BODY.includes(method)
        ? { requestBody: { content: { 'application/json': body === undefined ? {} : { example: body }, '*/*': {} } } }
        : {}),
      responses: {
        '200': { description: "The handler's response", content: { '*/*': {} } },
        ...pickProblems(problems, REFUSED),
      },
    };
  };
  return Object.fromEntries(METHODS.map((method) => [method.toLowerCase(), operation(method)]));
}
