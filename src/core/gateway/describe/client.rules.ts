import type { JsonSchema } from '../../parameters/json-schema.rules';
import { jsonSchemaOf } from '../../parameters/json-schema.rules';
import { sentName } from '../../parameters/parameter-name.rules';
import type { EndpointParameter } from '../../parameters/parameter.schema';
import { CLIENT_RUNTIME } from './client-runtime.rules';
import { hasBody, operationsOf, templateOf, type Described, type Operation } from './described.rules';

/**
 * Writes a TypeScript client of published endpoints: one file without dependencies, for browsers, Node and Workers. One function for each
 * operation, with the types of its parameters and of its response.
 */
export const toClient = (endpoints: readonly Described[], origin: string): string => {
  const operations = operationsOf(endpoints);
  return [
    `// Client of the endpoints published at ${origin}. Generated: do not edit.`,
    CLIENT_RUNTIME.replaceAll('__ORIGIN__', JSON.stringify(`${origin}/u`)),
    'export const createClient = (options: ClientOptions = {}) => ({',
    ...operations.map(toFunction),
    '});',
    '',
  ].join('\n');
};

function toFunction({ name, method, endpoint, places }: Operation): string {
  const all = [...places.path, ...places.query, ...places.header, ...places.body];
  const isRaw = places.body.length === 0 && hasBody(method) && endpoint.parameters.every(({ in: at }) => at === 'path');
  const isOpen = !endpoint.strict && places.body.length > 0;
  const type = objectType(all, isRaw ? ['body?: BodyInit'] : isOpen ? ['[field: string]: unknown'] : []);
  const optional = all.some((each) => isNeeded(each)) ? '' : ' = {}';
  const list = (parameters: readonly EndpointParameter[]): string =>
    JSON.stringify(parameters.map((each) => [each.name, sentName(each)]));
  const call = {
    method: JSON.stringify(method),
    path: JSON.stringify(templateOf(endpoint, places)),
    query: list(places.query),
    header: list(places.header),
    form: String(places.body.some((each) => each.type === 'file')),
    raw: String(isRaw),
  };
  const spec = Object.entries(call)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');
  const result = endpoint.response.schema === null ? 'unknown' : typeOf(endpoint.response.schema);
  return [
    ...commentOf(endpoint),
    `  ${name}: (params: ${type}${optional}, call: CallOptions = {}): Promise<Result<${result}>> =>`,
    `    send(options, { ${spec} }, params, call),`,
  ].join('\n');
}

const commentOf = ({ title, path }: Described): string[] => [
  `  /** ${(title === '' ? path : `${title} (${path})`).replaceAll('*/', '* /').replaceAll(/\s+/g, ' ')} */`,
];

const isNeeded = (parameter: EndpointParameter): boolean =>
  parameter.in === 'path' || (parameter.required && parameter.default === null);

function objectType(parameters: readonly EndpointParameter[], more: readonly string[]): string {
  const own = parameters.map(
    (each) => `${JSON.stringify(each.name)}${isNeeded(each) ? '' : '?'}: ${typeOfParameter(each)}`,
  );
  const fields = [...own, ...more];
  return fields.length === 0 ? 'Record<string, never>' : `{ ${fields.join('; ')} }`;
}

const typeOfParameter = (parameter: EndpointParameter): string =>
  parameter.type === 'file' ? 'Blob | Blob[]' : typeOf(jsonSchemaOf(parameter));

/** Returns the TypeScript type of the values of a JSON Schema; `unknown` for what it cannot express. */
export function typeOf(schema: unknown, depth = 0): string {
  if (typeof schema !== 'object' || schema === null || depth > 16) return 'unknown';
  const { type, enum: values, const: value, anyOf, oneOf } = schema as JsonSchema;
  if (Array.isArray(values)) return values.map((each) => JSON.stringify(each)).join(' | ') || 'never';
  if (value !== undefined) return JSON.stringify(value);
  const choices = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : null;
  if (choices !== null) return choices.map((each) => `(${typeOf(each, depth + 1)})`).join(' | ') || 'unknown';
  // Each kind once: with a kind that is listed n times, m levels would give n to the power of m types.
  const kinds = Array.isArray(type) ? [...new Set<unknown>(type)] : [type];
  return kinds.map((kind) => typeOfKind({ ...schema, type: kind }, depth)).join(' | ') || 'unknown';
}

function typeOfKind(schema: JsonSchema, depth: number): string {
  switch (schema.type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'array':
      return `(${typeOf(schema.items, depth + 1)})[]`;
    case 'object':
      return objectOf(schema, depth);
    default:
      return 'unknown';
  }
}

function objectOf({ properties, required, additionalProperties }: JsonSchema, depth: number): string {
  if (typeof properties !== 'object' || properties === null) return 'Record<string, unknown>';
  const needed = Array.isArray(required) ? required : [];
  const fields = Object.entries(properties).map(
    ([name, schema]) => `${JSON.stringify(name)}${needed.includes(name) ? '' : '?'}: ${typeOf(schema, depth + 1)}`,
  );
  return `{ ${[...fields, ...(additionalProperties === false ? [] : ['[field: string]: unknown'])].join('; ')} }`;
}
