const encoder = new TextEncoder();
const known = new Map();
let pepper;

/** Floor of a refused call: a Worker that hashes the key as Portico stores it (HMAC-SHA-256), looks it up and returns 401. */
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
    return Response.json(
      { status: 401, title: 'Unauthorized', code: 'invalid_key' },
      { status: 401, headers: { 'www-authenticate': 'ApiKey' } },
    );
  },
};
