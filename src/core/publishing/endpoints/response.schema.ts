import * as z from 'zod';
import { isClosedToAnswers } from '../../../kernel/http-headers';
import { answerSchemaIssue } from './answer-schema.rules';
import { HandlerPath } from '../handlers/handler.schema';
import { redirectHostIssue } from '../../egress/redirect-host.rules';

const MediaType = z
  .string()
  .regex(/^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/, 'must be a media type without parameters');

const RedirectHost = z.string().superRefine((host, ctx) => {
  const message = redirectHostIssue(host);
  if (message !== null) ctx.addIssue({ code: 'custom', message });
});

const HeaderName = z
  .string()
  .regex(/^[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'must be the name of a header, in lower case')
  .refine((name) => !isClosedToAnswers(name), 'is not a header that handlers may set');

const types = z.array(MediaType).min(1).max(50);
const redirects = z
  .array(RedirectHost)
  .max(50)
  .meta({ description: 'Hosts that redirects and links of the handler may lead to, besides this service' });
const headers = z
  .array(HeaderName)
  .max(50)
  .meta({ description: 'Headers that the handler may set besides the usual ones and x-*' });

/** `__Host-` demands the path /; the names of Portico are those of the session of its console. */
const CookieName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'must be the name of a cookie')
  .refine((name) => !/^(__(host|http)-|portico-)/i.test(name), {
    message: 'is reserved',
    params: { code: 'reserved_name' },
  });
const cookies = z
  .array(CookieName)
  .max(20)
  .meta({ description: 'Cookies that the handler may set for the path of the endpoint, and read. Needs an admin' });

const after = z
  .array(HandlerPath)
  .max(4)
  .meta({ description: 'Handlers that see each answer of the handler, in this order, and may change it' });

/** Characters of a schema, and levels to which it may nest. */
const MAX_SCHEMA_CHARS = 16_384;
const MAX_SCHEMA_DEPTH = 16;

/** A JSON Schema that refers to nothing outside of itself. */
const AnswerSchema = z.record(z.string(), z.json()).superRefine((schema, ctx) => {
  const text = JSON.stringify(schema);
  const issue = (message: string, path: (string | number)[] = []): void =>
    ctx.addIssue({ code: 'custom', message, path });
  if (text.length > MAX_SCHEMA_CHARS) issue(`must have at most ${MAX_SCHEMA_CHARS} characters`);
  else if (depthOf(schema) > MAX_SCHEMA_DEPTH) issue(`must nest at most ${MAX_SCHEMA_DEPTH} levels`);
  else if (/"\$(ref|dynamicRef)":"(?!#)/.test(text)) issue('must not refer to other documents: `$ref` starts with #');
  else {
    const found = answerSchemaIssue(schema);
    if (found !== null) issue(found.message, found.path);
  }
});

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

/** Rules for the responses of a handler. */
export const ResponseRules = z.strictObject({
  types: types.default(['application/json', 'text/plain']),
  redirects: redirects.default([]),
  headers: headers.default([]),
  cookies: cookies.default([]),
  after: after.default([]),
  schema: AnswerSchema.nullable()
    .meta({ description: 'JSON Schema of the JSON that the handler returns. A difference is a warning in the run' })
    .default(null),
});
export type ResponseRules = z.output<typeof ResponseRules>;

/**
 * Types that neither a browser nor a document viewer executes, so that developers may list them; * matches any subtype or vendor. All
 * others, such as HTML, SVG, JavaScript, XML and PDF, require an admin.
 */
const PASSIVE_TYPES = [
  'application/avro application/cbor application/geo+json application/graphql application/grpc application/gzip application/jose',
  'application/json application/*+json application/json-seq application/jsonl application/jwk-set application/jwt application/msgpack',
  'application/msword application/ndjson application/octet-stream application/parquet application/pgp-* application/pkcs7-*',
  'application/pkix-* application/protobuf application/rtf application/sql application/toml application/wasm application/yaml',
  'application/vnd.apache.* application/vnd.google.protobuf application/vnd.ms-excel application/vnd.ms-powerpoint',
  'application/vnd.msgpack application/vnd.oasis.opendocument.* application/vnd.openxmlformats-officedocument.*',
  'application/vnd.sqlite3 application/x-7z-compressed application/x-bzip2 application/x-json-stream application/x-msgpack',
  'application/x-ndjson application/x-pem-file application/x-protobuf application/x-tar application/x-www-form-urlencoded',
  'application/x-xz application/x-yaml application/zip application/*+zip application/*+cbor application/zstd',
  'audio/* font/* video/*',
  'image/apng image/avif image/bmp image/gif image/heic image/heif image/jpeg image/jxl image/png image/tiff image/webp',
  'image/vnd.microsoft.icon image/x-icon model/3mf model/gltf+json model/gltf-binary model/obj model/stl',
  'text/calendar text/csv text/event-stream text/markdown text/plain text/tab-separated-values text/uri-list text/vcard text/vtt',
  'text/x-yaml text/yaml',
];
const isPassive = new RegExp(
  `^(${PASSIVE_TYPES.join(' ')
    .replaceAll(/[.+]/g, String.raw`\$&`)
    .replaceAll('*', '[a-z0-9.-]+')
    .replaceAll(' ', '|')})$`,
);

/** Returns the types of a list that only an admin may list for an endpoint, in order. */
export const adminTypes = (list: readonly string[]): string[] => list.filter((type) => !isPassive.test(type));
