import { bodySchemaOf } from '../../core/gateway/describe/openapi.rules';
import { placesOf, type Described } from '../../core/gateway/describe/described.rules';
import { jsonSchemaOf, type JsonSchema } from '../../core/parameters/json-schema.rules';
import { mainMethod } from '../../core/publishing/endpoints/tool-name.rules';
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
  const tools = endpoints.flatMap((endpoint) =>
    endpoint.toolName === null || endpoint.methods.length === 0
      ? []
      : [{ name: endpoint.toolName, method: mainMethod(endpoint.methods), endpoint }],
  );
  // Saves refuse a second endpoint with a name; of those saved before that rule, the one created first keeps it.
  return [...new Map(tools.map((tool) => [tool.name, tool])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

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
