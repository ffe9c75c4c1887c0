import type { Hono } from 'hono';
import { FILE_SCHEMAS, fileSchemaText, type FileSchemaName } from '../core/projects/files/file-schemas';
import { sha256Hex } from '../kernel/signed';
import { SAFE_HEADERS } from './wire/errors';
import type { AppEnv } from './wire/wire';

/** Editors fetch a schema from any origin, and it changes only with Portico. */
const HEADERS = {
  ...SAFE_HEADERS,
  'access-control-allow-origin': '*',
  'cache-control': 'public, max-age=3600',
  'content-type': 'application/schema+json',
};

interface Served {
  text: string;
  etag: string;
}
const served = new Map<FileSchemaName, Served>();

/** Returns the text of a schema, built on first use: no call needs it. */
function schemaOf(name: FileSchemaName): Served {
  const known = served.get(name);
  if (known) return known;
  const text = fileSchemaText(name);
  const made = { text, etag: `"${sha256Hex(text).slice(0, 32)}"` };
  served.set(name, made);
  return made;
}

/** Returns whether `If-None-Match` names `etag`, strong or weak (RFC 9110, 13.1.2). */
const matches = (header: string | null, etag: string): boolean =>
  (header ?? '').split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);

function respond(name: FileSchemaName, request: Request): Response {
  const { text, etag } = schemaOf(name);
  const isKnown = matches(request.headers.get('if-none-match'), etag);
  return new Response(isKnown ? null : text, { status: isKnown ? 304 : 200, headers: { ...HEADERS, etag } });
}

/** Mounts the JSON Schemas of the files of a project, without authentication. */
export function mountSchemas(app: Hono<AppEnv>): void {
  for (const name of FILE_SCHEMAS) app.get(`/schemas/${name}.json`, (c) => respond(name, c.req.raw));
  app.get('/workflow.schema.json', (c) => respond('workflow', c.req.raw));
}
