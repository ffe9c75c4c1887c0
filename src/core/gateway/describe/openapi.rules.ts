import { jsonSchemaOf, movedTo, type JsonSchema } from '../../parameters/json-schema.rules';
import { isSafeMethod } from '../../../kernel/http-methods';
import { sentName } from '../../parameters/parameter-name.rules';
import type { EndpointParameter } from '../../parameters/parameter.schema';
import { hasBody, operationsOf, templateOf, type Described, type Operation } from './described.rules';

type Json = Record<string, unknown>;

/** Credentials by access level. */
const SECURITY: Record<Described['accessLevel'], Json[]> = {
  public: [],
  key: [{ apiKey: [] }],
  authenticated: [{ bearer: [] }],
  'key-or-authenticated': [{ apiKey: [] }, { bearer: [] }],
};

const STATUSES: Record<number, string> = {
  400: 'The request cannot be read',
  401: 'A credential or signature is missing or invalid',
  403: 'The credential may not make this call',
  409: 'The first call with this Idempotency-Key has not ended',
  413: 'The body is too large',
  415: 'The content type of the body is not supported',
  422: 'Parameters are missing or invalid: `errors` lists them; or the Idempotency-Key was used for another request',
  429: 'Too many calls: `policy` names the limit, `Retry-After` has the seconds until the next',
  500: 'The handler failed',
  502: 'The handler gave a response that it may not give',
  503: 'The endpoint cannot run at the moment',
  504: 'The handler gave no response in time',
};

/** Builds the OpenAPI 3.1 document of published endpoints. `origin` is that of their URLs. */
export function toOpenApi(endpoints: readonly Described[], origin: string): Json {
  const operations = operationsOf(endpoints);
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    const path = `/${templateOf(operation.endpoint, operation.places)}`;
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: toOperation(operation) };
  }
  return {
    openapi: '3.1.0',
    info: { title: new URL(origin).host, version: '1', description: 'Published endpoints.' },
    servers: [{ url: `${origin}/u` }],
    tags: [...new Set(operations.map(tagOf))]
      .sort()
      .map((name) => ({ name, description: folderText(name, operations) })),
    paths,
    components: {
      schemas: { Problem: PROBLEM, ...Object.fromEntries(operations.flatMap(referringAnswer)) },
      responses: Object.fromEntries(
        Object.entries(STATUSES).map(([status, text]) => [`Refused${status}`, refusal(text)]),
      ),
      headers: HEADERS,
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        bearer: { type: 'http', scheme: 'bearer', description: 'A token, or the `endpointToken` of a session' },
      },
    },
  };
}

const UNFILED = 'Endpoints';
const tagOf = ({ endpoint: { folder } }: Operation): string => folder || UNFILED;

/** Describes a tag: a folder, or the endpoints of none. */
const folderText = (name: string, operations: readonly Operation[]): string =>
  operations.some(({ endpoint: { folder } }) => folder === name) ? `The folder ${name}` : 'In no folder';

function toOperation(operation: Operation): Json {
  const { name, endpoint, places } = operation;
  const { title, description, path, accessLevel } = endpoint;
  const parameters = [
    ...[...places.path, ...places.query, ...places.header].map(toParameter),
    ...(takesKey(operation) ? [keyParameter(endpoint.idempotency!)] : []),
  ];
  const body = bodyOf(operation);
  return {
    operationId: name,
    tags: [tagOf(operation)],
    summary: title || `${operation.method} ${path}`,
    ...(description === '' ? {} : { description }),
    security: SECURITY[accessLevel],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === null ? {} : { requestBody: body }),
    responses: {
      '200': success(operation),
      ...(isCached(operation) ? { '304': { description: 'The response that If-None-Match names is current' } } : {}),
      ...Object.fromEntries(
        statusesOf(operation, body !== null).map((status) => [
          String(status),
          { $ref: `#/components/responses/Refused${status}` },
        ]),
      ),
    },
  };
}

/** Checks whether a repeat of a call with an Idempotency-Key gets the first answer. */
const takesKey = ({ endpoint, method }: Operation): boolean => endpoint.idempotency !== null && !isSafeMethod(method);

const keyParameter = ({ required }: NonNullable<Described['idempotency']>): Json => ({
  name: 'Idempotency-Key',
  in: 'header',
  required,
  description: 'A repeat with the same value gets the first response, for 24 hours',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
});

/** Returns the statuses with which Portico itself may answer. */
const statusesOf = (operation: Operation, takesBody: boolean): number[] => {
  const { endpoint } = operation;
  const keyed = takesKey(operation);
  return [
    400,
    ...(endpoint.accessLevel === 'public' ? (endpoint.isSigned ? [401] : []) : [401, 403]),
    ...(keyed ? [409] : []),
    ...(takesBody ? [413, 415] : []),
    ...(endpoint.parameters.length > 0 || endpoint.strict || keyed ? [422] : []),
    ...(endpoint.isLimited || endpoint.accessLevel !== 'public' ? [429] : []),
    500,
    502,
    503,
    504,
  ];
};

function toParameter(parameter: EndpointParameter): Json {
  const { description, ...schema } = jsonSchemaOf(parameter);
  const aliases = (parameter.aliases ?? []).map(({ name }) => name);
  return {
    name: sentName(parameter),
    in: parameter.in,
    required: parameter.in === 'path' || (parameter.required && parameter.default === null),
    ...(description === undefined ? {} : { description }),
    schema,
    ...(parameter.type === 'array' && parameter.in === 'query' ? { style: 'form', explode: true } : {}),
    ...(aliases.length === 0 ? {} : { 'x-portico-aliases': aliases }),
  };
}

/** Describes the body: JSON or a form where no parameter is a file, otherwise a form alone. Null: none is expected. */
function bodyOf({ method, endpoint, places: { body } }: Operation): Json | null {
  if (body.length === 0) {
    if (endpoint.parameters.some(({ in: place }) => place !== 'path') || method === 'DELETE' || !hasBody(method))
      return null;
    return { content: { '*/*': {} } };
  }
  const schema = bodySchemaOf(body, endpoint.strict);
  const isForm = body.some(({ type }) => type === 'file');
  const content = isForm
    ? { 'multipart/form-data': { schema } }
    : { 'application/json': { schema }, 'application/x-www-form-urlencoded': { schema } };
  return { required: body.some(isRequired), content };
}

const isRequired = (parameter: EndpointParameter): boolean => parameter.required && parameter.default === null;

/** Returns the schema of an object with these parameters. */
export function bodySchemaOf(parameters: readonly EndpointParameter[], isClosed: boolean): JsonSchema {
  const required = parameters.filter(isRequired).map(sentName);
  return {
    type: 'object',
    properties: Object.fromEntries(parameters.map((parameter) => [sentName(parameter), jsonSchemaOf(parameter)])),
    ...(required.length === 0 ? {} : { required }),
    ...(isClosed ? { additionalProperties: false } : {}),
  };
}

const isCached = ({ endpoint, method }: Operation): boolean => endpoint.isCached && method === 'GET';

/** A schema that refers to parts of itself has a place of its own: within an operation, `#` would be the document. */
const answerName = ({ name }: Operation): string => `${name}Answer`;
const refersToItself = (schema: JsonSchema | null): schema is JsonSchema => /"\$ref":"#/.test(JSON.stringify(schema));

const referringAnswer = (operation: Operation): [string, JsonSchema][] => {
  const { schema } = operation.endpoint.response;
  const name = answerName(operation);
  return refersToItself(schema) ? [[name, movedTo(`#/components/schemas/${name}`, schema)]] : [];
};

const answerSchema = (operation: Operation): JsonSchema | null => {
  const { schema } = operation.endpoint.response;
  return refersToItself(schema) ? { $ref: `#/components/schemas/${answerName(operation)}` } : schema;
};

const success = (operation: Operation): Json => {
  const {
    response: { types },
    isLimited,
  } = operation.endpoint;
  const schema = answerSchema(operation);
  return {
    description: 'The response of the handler',
    headers: {
      'x-run-id': { $ref: '#/components/headers/RunId' },
      ...(isLimited
        ? {
            RateLimit: { $ref: '#/components/headers/RateLimit' },
            'RateLimit-Policy': { $ref: '#/components/headers/RateLimitPolicy' },
          }
        : {}),
      ...(isCached(operation)
        ? { Age: { $ref: '#/components/headers/Age' }, ETag: { $ref: '#/components/headers/ETag' } }
        : {}),
    },
    content: Object.fromEntries(types.map((type) => [type, type === 'application/json' && schema ? { schema } : {}])),
  };
};

const refusal = (description: string): Json => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

const text = { type: 'string' };
const HEADERS: Json = {
  RunId: { description: 'Id of the run of the call', schema: text },
  Age: { description: 'Seconds that a cached response was kept', schema: { type: 'integer' } },
  ETag: { description: 'Name of the response, for If-None-Match', schema: text },
  RateLimit: { description: 'Calls that are left of each limit, `r`, for `t` more seconds', schema: text },
  RateLimitPolicy: { description: 'Limits of the call: `q` calls in `w` seconds', schema: text },
};

const PROBLEM: JsonSchema = {
  type: 'object',
  description: 'RFC 9457 problem details',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: text,
    title: text,
    status: { type: 'integer' },
    detail: text,
    code: text,
    requestId: text,
    policy: text,
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'message'],
        properties: { pointer: text, code: text, message: text },
      },
    },
  },
};
