import type { Hono } from 'hono';
import type { Context } from '../../core/access/context';
import type { Described } from '../../core/gateway/describe/described.rules';
import { activeEndpoints, identifyVisitor } from '../../core/gateway/describe/identify-visitor';
import { callableEndpoints } from '../../core/gateway/describe/visible-endpoints';
import { readPlainBody } from '../../core/gateway/read-body';
import { readUtf8 } from '../../kernel/encoding';
import { ApiError } from '../../kernel/errors';
import { isObject } from '../../kernel/json.rules';
import { parseBody } from '../../kernel/parse-body';
import { SAFE_HEADERS, STATUS } from '../wire/errors';
import type { AppEnv } from '../wire/wire';
import { callAdminTool, listAdminTools, openAdmin } from './admin-tools';
import { callTool } from './call-tool';
import { agreedRevision, CODES, isStateless, REVISIONS, RpcError, RpcMessage, unknownTool } from './protocol';
import { renderTool, toolsOf, type Tool } from './tools';

/** Bytes of one message. */
const MAX_BYTES = 4_194_304;
const PAGE = 200;

const SERVER = { name: 'portico', title: 'Portico', version: '1' };
const CAPABILITIES = { tools: {} };

/** Mounts `/mcp` and `/mcp/<folder>`. */
export function mountMcp(app: Hono<AppEnv>): void {
  app.all('/mcp', (c) => answerMcp(c.var.ctx, c.req.raw, ''));
  app.all('/mcp/:folder{.+}', (c) => answerMcp(c.var.ctx, c.req.raw, c.req.param('folder')));
}

/** One message of a client, with the tools of its credential. */
interface McpRequest {
  ctx: Context;
  request: Request;
  message: RpcMessage;
  folder: string;
  stateless: boolean;
  /** The context of an admin with a personal token, who has tools of the admin API; null for callers. */
  admin: Context | null;
}

/**
 * Answers `POST /mcp` and `/mcp/<folder>`: the Model Context Protocol over HTTP, without sessions and streams. Tools are endpoints that the credential
 * of the request may call.
 */
async function answerMcp(ctx: Context, request: Request, folder: string): Promise<Response> {
  if (request.method !== 'POST')
    return new Response(null, { status: 405, headers: { ...SAFE_HEADERS, allow: 'POST' } });
  const origin = request.headers.get('origin');
  if (origin !== null && origin !== ctx.origin)
    return respond(403, null, new RpcError(CODES.invalidRequest, 'Foreign origin'));
  let id: RpcMessage['id'] | null = null;
  try {
    const message = await readMessage(request);
    id = message.id ?? null;
    const stateless = isStateless(message, request.headers);
    if (message.id === undefined) return new Response(null, { status: 202, headers: SAFE_HEADERS });
    const admin = await openAdmin(ctx, request.headers);
    const result = await answer({ ctx, request, message, folder, stateless, admin });
    return respond(200, id, stateless ? { resultType: 'complete', ...result } : result);
  } catch (error) {
    if (error instanceof RpcError) return respond(error.status, id, error);
    if (error instanceof ApiError) return refuse(id, error);
    throw error;
  }
}

async function readMessage(request: Request): Promise<RpcMessage> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\b/i.test(type)) throw new RpcError(CODES.invalidRequest, 'Send application/json', 415);
  const bytes = await readPlainBody(request, MAX_BYTES);
  let value: unknown;
  try {
    value = parseBody((bytes && readUtf8(bytes)) ?? '', JSON.parse);
  } catch (error) {
    if (error instanceof ApiError) throw new RpcError(CODES.parse, error.message, 400);
    throw error;
  }
  const parsed = RpcMessage.safeParse(value);
  if (!parsed.success) throw new RpcError(CODES.invalidRequest, 'Not a request of JSON-RPC 2.0', 400);
  return parsed.data;
}

/** Answers a request by its method. */
async function answer(asked: McpRequest): Promise<object> {
  const { message, stateless } = asked;
  const fresh = stateless ? { ttlMs: 0, cacheScope: 'private' } : {};
  switch (message.method) {
    case 'tools/list':
      if (asked.admin) return { ...listAdminTools(asked.admin), ...fresh };
      return { ...listTools(await toolsFor(asked), message.params?.cursor), ...fresh };
    case 'tools/call':
      return call(asked);
    case 'server/discover':
      if (!asked.admin) await identifyVisitor(asked.ctx, asked.request.headers);
      return {
        supportedVersions: REVISIONS,
        capabilities: CAPABILITIES,
        ...fresh,
        _meta: { 'io.modelcontextprotocol/serverInfo': SERVER },
      };
    default:
      if (!stateless && message.method === 'ping') return {};
      if (!stateless && message.method === 'initialize') return initialize(asked);
      throw new RpcError(CODES.methodNotFound, 'Method not found', stateless ? 404 : 200);
  }
}

async function initialize({ ctx, request, message, admin }: McpRequest): Promise<object> {
  if (!admin) await identifyVisitor(ctx, request.headers);
  return {
    protocolVersion: agreedRevision(message.params?.protocolVersion),
    capabilities: CAPABILITIES,
    serverInfo: SERVER,
  };
}

async function toolsFor({ ctx, request, folder }: McpRequest): Promise<Tool[]> {
  const visitor = await identifyVisitor(ctx, request.headers);
  const endpoints: Described[] = callableEndpoints(await activeEndpoints(ctx), visitor, folder);
  return toolsOf(endpoints);
}

/** Returns a page of tools. The cursor is the name of the last tool before it. */
function listTools(tools: readonly Tool[], cursor: unknown): object {
  if (cursor !== undefined && typeof cursor !== 'string') throw new RpcError(CODES.invalidParams, 'Invalid cursor');
  const rest = cursor === undefined ? tools : tools.filter(({ name }) => name > cursor);
  const page = rest.slice(0, PAGE);
  return { tools: page.map(renderTool), ...(rest.length > PAGE ? { nextCursor: page.at(-1)!.name } : {}) };
}

async function call(asked: McpRequest): Promise<object> {
  const { name, arguments: args = {} } = asked.message.params ?? {};
  if (!isObject(args)) throw new RpcError(CODES.invalidParams, 'arguments must be an object');
  if (asked.admin) return callAdminTool(asked.admin, name, args);
  const tool = (await toolsFor(asked)).find((each) => each.name === name);
  if (tool === undefined) throw unknownTool();
  return callTool(asked.ctx, tool, args, asked.request);
}

/** Refuses a request before its method: an invalid credential, above all. No metadata of OAuth: there is no authorization server. */
const refuse = (id: RpcMessage['id'] | null, error: ApiError): Response =>
  respond(STATUS[error.code], id, new RpcError(CODES.invalidRequest, error.message, 200, { code: error.code }), {
    ...error.extra.headers,
  });

function respond(
  status: number,
  id: RpcMessage['id'] | null,
  outcome: object | RpcError,
  headers: Record<string, string> = {},
): Response {
  const body =
    outcome instanceof RpcError
      ? {
          error: {
            code: outcome.code,
            message: outcome.message,
            ...(outcome.data === undefined ? {} : { data: outcome.data }),
          },
        }
      : { result: outcome };
  return new Response(JSON.stringify({ jsonrpc: '2.0', id: id ?? null, ...body }), {
    status,
    headers: { ...SAFE_HEADERS, ...headers, 'content-type': 'application/json' },
  });
}
