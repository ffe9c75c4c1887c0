import { boundedMap } from '../../../kernel/bounded-map';
import { sha256Hex } from '../../../kernel/signed';
import type { Context } from '../../access/context';
import { toClient } from './client.rules';
import { toOpenApi } from './openapi.rules';
import type { Description } from './description';
import { activeEndpoints, identifyVisitor } from './identify-visitor';
import { visibleEndpoints } from './visible-endpoints';

const WRITERS = {
  openapi: (...args: Parameters<typeof toOpenApi>): string => JSON.stringify(toOpenApi(...args)),
  client: toClient,
};

/** Descriptions that an isolate keeps of one reading of the endpoints. */
const MAX_KEPT = 16;

/**
 * Describes the endpoints of a folder that the credential of a request may call, and those that are open to all: as an OpenAPI document or as a
 * client in TypeScript. An empty folder is all. Throws 401 for an invalid credential, and 429 where one network asks for too many without one.
 */
export async function describeEndpoints(
  ctx: Context,
  headers: Headers,
  folder: string,
  form: keyof typeof WRITERS,
): Promise<Description> {
  const visitor = await identifyVisitor(ctx, headers);
  const rows = await activeEndpoints(ctx);
  const write = (): Description => {
    const text = WRITERS[form](visibleEndpoints(rows, visitor, folder), ctx.origin);
    return { text, etag: `"${sha256Hex(text).slice(0, 32)}"` };
  };
  return visitor.caller.kind === 'anonymous' && visitor.issued === null
    ? keptOr(ctx, rows, JSON.stringify([form, ctx.origin, folder]), write)
    : write();
}

/** Returns a description for anonymous callers, which is written once for each reading of the endpoints. */
function keptOr(ctx: Context, rows: object, name: string, write: () => Description): Description {
  const { descriptions, newDescriptions } = ctx.cache;
  const known = descriptions.get(rows) ?? boundedMap<Description>(MAX_KEPT);
  const kept = known.get(name);
  if (kept) return kept;
  newDescriptions.check(ctx.address, ctx.now());
  newDescriptions.count(ctx.address, ctx.now());
  const description = write();
  descriptions.set(rows, known.set(name, description));
  return description;
}
