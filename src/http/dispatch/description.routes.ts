import type { Context } from '../../core/access/context';
import { describeEndpoints } from '../../core/gateway/describe/describe-endpoints';
import { ApiError } from '../../kernel/errors';
import { SAFE_HEADERS } from '../wire/errors';

/** Swagger UI runs from this service's files, sets inline styles, and connects to this service only. */
export const REFERENCE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

type Answer = (ctx: Context, request: Request) => Response | Promise<Response>;

const MAX_FOLDER_CHARS = 200;

const describeAs =
  (form: 'openapi' | 'client', type: string): Answer =>
  async (ctx, request) => {
    const folder = new URL(request.url).searchParams.get('folder') ?? '';
    if (folder.length > MAX_FOLDER_CHARS)
      throw new ApiError('invalid_parameter', `folder must have at most ${MAX_FOLDER_CHARS} characters.`);
    const { text, etag } = await describeEndpoints(ctx, request.headers, folder, form);
    const headers = {
      ...SAFE_HEADERS,
      etag,
      'cache-control': 'private, no-cache',
      vary: 'authorization, x-api-key',
      'access-control-allow-origin': '*',
    };
    if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
    return new Response(text, { headers: { ...headers, 'content-type': type } });
  };

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Endpoints</title>
    <link rel="icon" href="/favicon.svg" />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="stylesheet" href="/docs/reference.css" />
  </head>
  <body>
    <nav><a href="/u/openapi.json">OpenAPI document</a> <a href="/u/client.ts">TypeScript client</a></nav>
    <form id="credential"><label>API key <input id="key" type="password" autocomplete="off" /></label>
      <button>Show what it may call</button></form>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/endpoints.js"></script>
  </body>
</html>
`;

const page: Answer = () =>
  new Response(PAGE, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': REFERENCE_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    },
  });

/** Answers of Portico itself below /u/, by target. No endpoint can have these paths. */
export const DESCRIPTIONS: ReadonlyMap<string, Answer> = new Map([
  ['openapi.json', describeAs('openapi', 'application/json')],
  ['client.ts', describeAs('client', 'text/plain; charset=utf-8')],
  ['docs', page],
  ['docs/', page],
]);
