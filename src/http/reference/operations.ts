import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import * as z from 'zod';
import { hasNoFields } from '../wire/json-body';
import type { Route } from '../wire/route';
import { RECORDED_ANSWERS, referenceOf } from './examples';
import { pickProblems, type Problems } from './problems';

/** The description of a wire's operations, besides the declarations of their routes. */
export interface WireReference {
  /** Path prefix of its routes. */
  prefix: string;
  problems: Problems;
  /** The credentials that it accepts. Default: those of the whole document. */
  security?: Record<string, string[]>[];
  /** Returns a sentence about the permission that a route needs. */
  describePolicy: (policy: Route['policy']) => string;
  /** Returns the statuses of errors in the description of an operation. */
  refusedWith: (route: Route) => Iterable<number>;
}

/** Returns the routes of a wire as paths of an OpenAPI document, without routes of `all` methods, which only refuse. */
export function describeRoutes(routes: readonly Route[], wire: WireReference): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    if (route.method === 'all') continue;
    const path = wire.prefix + route.path.replace(/:([a-zA-Z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: toOperation(route, wire) };
  }
  return paths;
}

function toOperation(route: Route, wire: WireReference): ZodOpenApiOperationObject {
  const { description = '', body, text } = referenceOf(route.id) ?? {};
  const security = route.policy === 'public' ? [] : wire.security;
  const headers = headersOf(route);
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    description: [description, wire.describePolicy(route.policy)].join('\n\n').trim(),
    ...(security ? { security } : {}),
    requestParams: {
      ...(route.params ? { path: route.params } : {}),
      ...(route.query ? { query: route.query } : {}),
      ...(Object.keys(headers).length > 0 ? { header: z.object(headers) } : {}),
    },
    ...(route.body ? { requestBody: { required: !hasNoFields(route.body), content: json(route.body, body) } } : {}),
    ...(route.text ? { requestBody: { required: true, content: textOf(route.text.types, text) } } : {}),
    ...(route.maxBytes ? { requestBody: { required: true, content: bytesOf(text) } } : {}),
    responses: { ...answersOf(route), ...pickProblems(wire.problems, wire.refusedWith(route)) },
  };
}

const bytesOf = (example: string | undefined) => ({
  'application/octet-stream': {
    schema: { type: 'string' as const, format: 'binary' },
    ...(example === undefined ? {} : { example }),
  },
});

const json = (schema: z.ZodType, example: unknown) => ({
  'application/json': { schema, ...(example === undefined ? {} : { example }) },
});
/** Describes a text of one of several types; the example is in the first. */
const textOf = (types: readonly string[], example: unknown) =>
  Object.fromEntries(
    types.map((type, at) => [
      type,
      { schema: { type: 'string' as const }, ...(at === 0 && example ? { example } : {}) },
    ]),
  );

/** Returns the headers that a route accepts, with their schemas. */
export function headersOf(route: Route): Record<string, z.ZodType> {
  const headers: Record<string, z.ZodType> = {};
  if (route.method === 'post' && !route.notReplayable)
    headers['idempotency-key'] = z.string().max(255).optional().meta({
      description: 'A value that you choose for this request: a repeat within 24 hours gets the first response',
    });
  if (route.ifMatch)
    headers['if-match'] = z
      .string()
      .optional()
      .meta({ description: 'The revision that the change is based on, in quotes. A newer current revision is 412' });
  return headers;
}

function answersOf(route: Route): ZodOpenApiOperationObject['responses'] {
  const example = RECORDED_ANSWERS[route.id];
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, schema]) => [
      status,
      {
        description: status === '201' ? 'Created' : status === '204' ? 'Done' : 'OK',
        ...(schema ? { content: json(schema, example) } : {}),
        ...(status === '200' && route.files ? { content: textOf(route.files, example) } : {}),
      },
    ]),
  );
}
