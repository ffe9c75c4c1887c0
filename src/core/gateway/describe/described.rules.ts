import type { FoundEndpoint } from '../../publishing/endpoints/get-endpoint';
import { namesOf, withPathNames } from '../../publishing/endpoints/endpoint-path.rules';
import type { AccessLevel, EndpointRules } from '../../publishing/endpoints/endpoint.schema';
import { toolNameOf } from '../../publishing/endpoints/tool-name.rules';
import type { EndpointParameter } from '../../parameters/parameter.schema';

/** A published endpoint as its callers know it. */
export interface Described {
  id: string;
  path: string;
  /** The methods that the caller may use. */
  methods: string[];
  title: string;
  description: string;
  folder: string;
  accessLevel: AccessLevel;
  /** With one for each name of the path. */
  parameters: EndpointParameter[];
  strict: boolean;
  isLimited: boolean;
  isSigned: boolean;
  /** True where answers to GET are cached. */
  isCached: boolean;
  idempotency: EndpointRules['idempotency'];
  response: EndpointRules['response'];
  tool: EndpointRules['tool'];
  /** Null: it is no tool. */
  toolName: string | null;
}

export const toDescribed = (row: FoundEndpoint, methods: string[]): Described => ({
  id: row.id,
  path: row.path,
  methods,
  title: row.title,
  description: row.description,
  folder: row.folder,
  accessLevel: row.accessLevel,
  parameters: withPathNames(row.rules.parameters, row.path),
  strict: row.rules.strict,
  isLimited: row.rules.rateLimit !== null,
  isSigned: row.rules.signature !== null,
  isCached: row.rules.cache !== null,
  idempotency: row.rules.idempotency,
  response: row.rules.response,
  tool: row.rules.tool,
  toolName: toolNameOf(row.path, row.rules),
});

/** Parameters by the part of a request that has them. */
export interface Places {
  /** Those that the path names or that follow it, in the order of the URL. */
  path: EndpointParameter[];
  query: EndpointParameter[];
  header: EndpointParameter[];
  body: EndpointParameter[];
}

/** Sorts the parameters of a call by their places. A method without a body has none in it. */
export function placesOf({ path, parameters }: Described, method: string): Places {
  const names = namesOf(path);
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  return {
    path: [
      ...names.map((name) => inPath.find((parameter) => parameter.name === name)!),
      ...inPath.filter(({ name }) => !names.includes(name)),
    ],
    query: parameters.filter((parameter) => parameter.in === 'query'),
    header: parameters.filter((parameter) => parameter.in === 'header'),
    body: hasBody(method) ? parameters.filter((parameter) => parameter.in === 'body') : [],
  };
}

export const hasBody = (method: string): boolean => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method);

/** Returns the path with names in braces, and a segment for each positional parameter: `/orders/{id}`. */
export const templateOf = ({ path }: Described, { path: inPath }: Places): string =>
  [
    ...path.split('/').map((segment) => (segment.startsWith(':') ? `{${segment.slice(1)}}` : segment)),
    ...inPath.filter(({ name }) => !namesOf(path).includes(name)).map(({ name }) => `{${name}}`),
  ].join('/');

/** Returns the name of an operation: `getOrdersById` for GET orders/:id. */
export const operationName = (method: string, { path }: Described): string =>
  method.toLowerCase() +
  path
    .split('/')
    .map((segment) => (segment.startsWith(':') ? `By${words(segment.slice(1))}` : words(segment)))
    .join('');

const words = (text: string): string =>
  text
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** One operation of a description. Its name is unique in it. */
export interface Operation {
  name: string;
  method: string;
  endpoint: Described;
  places: Places;
}

/** Returns the operations of endpoints, by path and method. A preflight and a HEAD are no operations of their own. */
export function operationsOf(endpoints: readonly Described[]): Operation[] {
  const taken = new Set<string>();
  const unique = (name: string): string => {
    let free = name;
    for (let n = 2; taken.has(free); n++) free = `${name}${n}`;
    taken.add(free);
    return free;
  };
  return endpoints
    .toSorted((one, other) => compare(one.path, other.path) || compare(one.id, other.id))
    .flatMap((endpoint) =>
      endpoint.methods
        .filter((method) => method !== 'HEAD' && method !== 'OPTIONS')
        .map((method) => ({
          name: unique(operationName(method, endpoint)),
          method,
          endpoint,
          places: placesOf(endpoint, method),
        })),
    );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
