import { sha256Hex } from '../../../kernel/signed';
import type { Context } from '../../access/context';
import { toClient } from './client.rules';
import { toOpenApi } from './openapi.rules';
import { identifyVisitor } from './identify-visitor';
import { visibleEndpoints } from './visible-endpoints';

/** A description as text, with a tag that changes with it. */
export interface Description {
  text: string;
  etag: string;
}

const WRITERS = {
  openapi: (...args: Parameters<typeof toOpenApi>): string => JSON.stringify(toOpenApi(...args)),
  client: toClient,
};

/**
 * Describes the endpoints of a folder that the credential of a request may call, and those that are open to all: as an OpenAPI document or as a
 * client in TypeScript. An empty folder is all. Throws 401 for an invalid credential.
 */
export async function describeEndpoints(
  ctx: Context,
  headers: Headers,
  folder: string,
  form: keyof typeof WRITERS,
): Promise<Description> {
  const visitor = await identifyVisitor(ctx, headers);
  const text = WRITERS[form](await visibleEndpoints(ctx, visitor, folder), ctx.origin);
  return { text, etag: `"${sha256Hex(text).slice(0, 32)}"` };
}
