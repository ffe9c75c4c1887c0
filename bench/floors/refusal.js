const encoder = new TextEncoder();
const known = new Map();
let pepper;

/** Constant headers of a refusal by Portico; the bench compares the names. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'content-type': 'application/problem+json',
  'referrer-policy': 'no-referrer',
  'www-authenticate': 'ApiKey header="x-api-key"',
  'x-content-type-options': 'nosniff',
};
const newId = (prefix) => prefix + crypto.randomUUID().replaceAll('-', '').slice(0, 20);

/** Floor of a refused call: a Worker that hashes the key as Portico stores it (HMAC-SHA-256), looks it up and returns Portico's 401. */
export default {
  async fetch(request) {
    const key = request.headers.get('x-api-key');
    pepper ??= await crypto.subtle.importKey(
      'raw',
      new Uint8Array(32).fill(7),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    const hash = new Uint8Array(await crypto.subtle.sign('HMAC', pepper, encoder.encode(key ?? ''))).toHex();
    if (known.has(hash)) return Response.json({ ok: true });
    const requestId = newId('req_');
    const problem = {
      type: 'urn:portico:error:invalid_key',
      title: 'Unauthorized',
      status: 401,
      detail: 'The API key is invalid.',
      code: 'invalid_key',
      requestId,
    };
    const headers = { ...HEADERS, 'x-request-id': requestId, 'x-run-id': newId('run_') };
    return new Response(JSON.stringify(problem), { status: 401, headers });
  },
};
