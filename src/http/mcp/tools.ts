import { bodySchemaOf } from '../../core/gateway/describe/openapi.rules';
import { placesOf, type Described } from '../../core/gateway/describe/described.rules';
import { jsonSchemaOf, type JsonSchema } from '../../core/parameters/json-schema.rules';
import { sentName } from '../../core/parameters/parameter-name.rules';
import type { EndpointParameter } from '../../core/parameters/parameter.schema';

/** A tool as clients see it, with the endpoint that it calls. */
export interface Tool {
  name: string;
  method: string;
  endpoint: Described;
}

/** Returns the tools of endpoints, by name: one for each endpoint that is a tool, by its first method that the caller may use. */
export function toolsOf(endpoints: readonly Described[]): Tool[] {
  const tools: Tool[] = [];
  for (const endpoint of endpoints) {
    if (endpoint.tool === false || endpoint.methods.length === 0) continue;
    const method = endpoint.methods.find((each) => each !== 'HEAD' && each !== 'OPTIONS') ?? endpoint.methods[0]!;
    const named = endpoint.tool === true ? undefined : endpoint.tool.name;
    tools.push({ name: named ?? toolName(endpoint, method), method, endpoint });
  }
  // Two endpoints may have one name: the one created first keeps it.
  const byName = new Map<string, Tool>();
  for (const tool of tools) byName.set(tool.name, tool);
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `get_orders_id` for GET orders/:id. POST, the usual method, is left out. */
const toolName = ({ path }: Described, method: string): string =>
  `${method === 'POST' ? '' : `${method.toLowerCase()}_`}${path.replaceAll(/[^A-Za-z0-9.-]+/g, '_')}`.slice(0, 128);

export function renderTool({ name, method, endpoint }: Tool): object {
  const { title, description, path, tool, response } = endpoint;
  const settings = tool === true || tool === false ? {} : tool;
  const text = settings.description ?? (description || title || `${method} ${path}`);
  return {
    name,
    ...(title === '' ? {} : { title }),
    description: text,
    inputSchema: inputSchemaOf(endpoint, method),
    ...(response.schema !== null && isObjectSchema(response.schema) ? { outputSchema: response.schema } : {}),
    annotations: {
      readOnlyHint: settings.readOnly ?? method === 'GET',
      destructiveHint: settings.destructive ?? method !== 'GET',
      idempotentHint: settings.idempotent ?? ['GET', 'PUT', 'DELETE'].includes(method),
      openWorldHint: settings.openWorld ?? true,
    },
  };
}

const isObjectSchema = (schema: JsonSchema): boolean => schema.type === 'object';

/** Parameters that a tool takes: those of the path, the query and the body. Headers are the client's. */
export const argumentsOf = (endpoint: Described, method: string): EndpointParameter[] => {
  const { path, query, body } = placesOf(endpoint, method);
  return [...path, ...query, ...body];
};

function inputSchemaOf(endpoint: Described, method: string): JsonSchema {
  const parameters = argumentsOf(endpoint, method);
  const required = parameters.filter((each) => each.in === 'path' || (each.required && each.default === null));
  const schema = bodySchemaOf(parameters, true);
  return {
    ...schema,
    properties: Object.fromEntries(parameters.map((each) => [sentName(each), argumentSchema(each)])),
    ...(required.length === 0 ? {} : { required: required.map(sentName) }),
    additionalProperties: !endpoint.strict && placesOf(endpoint, method).body.length > 0,
  };
}

/** A file is its bytes in base64. */
const argumentSchema = (parameter: EndpointParameter): JsonSchema =>
  parameter.type === 'file'
    ? { type: 'string', contentEncoding: 'base64', description: `${parameter.description} (a file, in base64)`.trim() }
    : jsonSchemaOf(parameter);
