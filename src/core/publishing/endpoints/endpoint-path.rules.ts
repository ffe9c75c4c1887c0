import type { EndpointParameter } from '../../parameters/parameter.schema';

/** Maximum number of segments and characters of a path. */
const MAX_SEGMENTS = 8;
export const MAX_PATH_CHARS = 256;

const LITERAL = /^[A-Za-z0-9_.~-]{1,64}$/;
const NAME = /^:[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** First segments that URLs use for something else. */
const RESERVED = new Set([
  'list',
  'u',
  'new',
  'admin',
  'api',
  'token',
  'health',
  'plynx',
  'console',
  'openapi',
  'openapi.json',
  'docs',
  'client.ts',
  'mcp',
]);

/** Checks a segment that a path has literally. A first segment that fails here costs a call no store read. */
export const isLiteral = (segment: string): boolean => LITERAL.test(segment) && segment !== '.' && segment !== '..';

const isName = (segment: string): boolean => segment.startsWith(':');

/** Returns why a text is not the path of an endpoint, or null. */
export function pathIssue(path: string): string | null {
  const segments = path.split('/');
  const [root = '', ...others] = segments;
  if (path.length > MAX_PATH_CHARS) return `must have at most ${MAX_PATH_CHARS} characters`;
  if (segments.length > MAX_SEGMENTS) return `must have at most ${MAX_SEGMENTS} segments`;
  if (!isLiteral(root)) return 'must begin with a segment of 1 to 64 of A-Z a-z 0-9 _ . ~ -';
  if (!others.every((segment) => isLiteral(segment) || NAME.test(segment)))
    return 'must have segments of 1 to 64 of A-Z a-z 0-9 _ . ~ -, or :name, between single slashes';
  if (new Set(namesOf(path)).size < namesOf(path).length) return 'must not have a name twice';
  return null;
}

export const isReserved = (path: string): boolean => RESERVED.has(rootOf(path).toLowerCase());

/** Returns the first segment: all endpoints that share it are found together. */
export const rootOf = (path: string): string => path.split('/', 1)[0]!;

/** Returns the names of a path in order: `id` for `orders/:id`. */
export const namesOf = (path: string): string[] =>
  path.includes(':')
    ? path
        .split('/')
        .filter(isName)
        .map((segment) => segment.slice(1))
    : [];

/** Adds a required text parameter for each name of a path that none of the parameters declares. */
export const withPathNames = (parameters: EndpointParameter[], path: string): EndpointParameter[] => [
  ...parameters,
  ...namesOf(path)
    .filter((name) => !parameters.some((parameter) => parameter.name === name))
    .map((name): EndpointParameter => ({
      id: `path-${name}`,
      name,
      in: 'path',
      type: 'text',
      required: true,
      default: null,
      test: null,
      sensitive: false,
      description: '',
    })),
];

/** Returns what two endpoints may not share for one method: the path in lower case, with `:` for every name. */
export const shapeOf = (path: string): string =>
  path
    .split('/')
    .map((segment) => (isName(segment) ? ':' : segment.toLowerCase()))
    .join('/');

/** Returns whether a call of `path` can also begin with `prefix`, as a whole number of segments; names match every segment. */
export function isBelow(path: string, prefix: string): boolean {
  const [below, above] = [path.split('/'), prefix.split('/')];
  return (
    below.length > above.length &&
    above.every((segment, index) => segment === below[index] || isName(segment) || isName(below[index]!))
  );
}
