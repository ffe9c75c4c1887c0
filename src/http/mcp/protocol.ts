import * as z from 'zod';

/** Revisions with a handshake, newest first, and the stateless one after them. */
const SESSION_REVISIONS = ['2025-11-25', '2025-06-18', '2025-03-26'] as const;
export const STATELESS_REVISION = '2026-07-28';
export const REVISIONS = [STATELESS_REVISION, ...SESSION_REVISIONS];

/** Codes of JSON-RPC, and those of the protocol. */
export const CODES = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  headerMismatch: -32020,
  unsupportedVersion: -32022,
} as const;

const Id = z.union([z.string().max(200), z.int()]);
const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';

/** A request, or a notification where it has no id. */
export const RpcMessage = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: Id.optional(),
  method: z.string().min(1).max(200),
  params: z
    .looseObject({ _meta: z.looseObject({ [VERSION_KEY]: z.string().max(40).optional() }).optional() })
    .optional(),
});
export type RpcMessage = z.output<typeof RpcMessage>;

/** A refusal of a request of the protocol, with its HTTP status. */
export class RpcError extends Error {
  readonly code: number;
  readonly status: number;
  readonly data: unknown;
  constructor(code: number, message: string, status = 200, data?: unknown) {
    super(message);
    this.code = code;
    this.status = status;
    this.data = data;
  }
}

/** Returns the revision in which the body of a request says it is written; undefined for one with a handshake. */
const versionIn = ({ params }: RpcMessage): unknown => params?._meta?.[VERSION_KEY];

/**
 * Returns whether a request is of the stateless revision. Throws for a revision that is not supported, and where headers and body disagree:
 * what a proxy has seen must be what runs.
 */
export function isStateless(message: RpcMessage, headers: Headers): boolean {
  const version = headers.get('mcp-protocol-version');
  const stated = versionIn(message);
  if (stated === undefined && version !== STATELESS_REVISION) {
    if (version !== null && !REVISIONS.includes(version)) throw unsupported(version);
    return false;
  }
  if (version !== stated) throw mismatch('MCP-Protocol-Version');
  if (version !== STATELESS_REVISION) throw unsupported(String(version));
  if (headers.get('mcp-method') !== message.method) throw mismatch('Mcp-Method');
  // A name beyond ASCII is sent as `=?base64?…?=`; those of tools here never are.
  const name = message.method === 'tools/call' ? message.params?.name : undefined;
  if (name !== undefined && headers.get('mcp-name') !== name) throw mismatch('Mcp-Name');
  return true;
}

const unsupported = (requested: string): RpcError =>
  new RpcError(CODES.unsupportedVersion, 'Unsupported protocol version', 400, { supported: REVISIONS, requested });

export const unknownTool = (): RpcError =>
  new RpcError(CODES.invalidParams, 'Unknown tool, or not one that you may call: tools/list has those');

const mismatch = (header: string): RpcError =>
  new RpcError(CODES.headerMismatch, `The header ${header} does not match the body`, 400);

/** Returns the revision to which a handshake leads: the one that the client asks for, or the newest that has one. */
export const agreedRevision = (asked: unknown): string =>
  SESSION_REVISIONS.find((revision) => revision === asked) ?? SESSION_REVISIONS[0];
