import { textOf, toBase64 } from './body';
import type { Caller, Definition, Roots, WorkflowContext } from './types';

/** Builds the roots of one call. Each is built when the compiled module reads it, which it does only for those that its expressions use. */
export async function createRoots(definition: Definition, request: Request, ctx: WorkflowContext): Promise<Roots> {
  const bytes = definition.body ? new Uint8Array(await request.arrayBuffer()) : NOTHING;
  const text = (): string => textOf(bytes, request.headers.get('content-type'));
  let { params } = ctx;
  const roots: Roots = {
    get params() {
      return params;
    },
    get body() {
      return ctx.sent === undefined ? text() || null : ctx.sent.value;
    },
    get query() {
      return Object.fromEntries(Object.entries(queriesOf(request)).map(([name, values]) => [name, values[0] ?? '']));
    },
    get headers() {
      return Object.fromEntries(request.headers);
    },
    get request() {
      return toRequest(request, text(), bytes, ctx.endpoint);
    },
    get auth() {
      return toAuth(ctx.caller);
    },
    steps: {},
    vars: {},
    mw: ctx.mw ?? [],
  };
  if (definition.with !== undefined) params = definition.with(roots);
  return roots;
}

const NOTHING = new Uint8Array();

function toRequest(
  request: Request,
  text: string,
  bytes: Uint8Array,
  endpoint: WorkflowContext['endpoint'],
): Roots['request'] {
  const { pathname } = new URL(request.url);
  const whole = {
    method: request.method,
    url: request.url,
    path: pathname,
    text,
    queries: queriesOf(request),
    endpoint,
  };
  // Built on access by name: inside the whole request it would repeat the body.
  return Object.defineProperty(whole as Roots['request'], 'base64', { get: () => toBase64(bytes) });
}

function queriesOf(request: Request): Record<string, string[]> {
  const { searchParams } = new URL(request.url);
  return Object.fromEntries([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]));
}

/** A token acts for a user: its id, name and roles are the user's. */
function toAuth({ kind, id, name = null, roles = [] }: Caller): Roots['auth'] {
  const isUser = kind === 'user' || kind === 'token';
  return { kind, user: isUser ? { id, name, roles } : null, key: kind === 'key' ? { id, alias: name } : null };
}
