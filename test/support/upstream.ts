/**
 * The rest of the internet, for tests: every request that leaves workerd arrives here, in Node (see vitest.config.ts). It echoes what it
 * got; `/redirect?to=` redirects, `/bytes?n=` answers that many bytes, `/cookie` sets one.
 */
export async function upstream(request: {
  url: string;
  method: string;
  headers: Iterable<[string, string]>;
  text(): Promise<string>;
}) {
  const { Response } = await import('miniflare');
  const url = new URL(request.url);
  if (!url.hostname.endsWith('.portico-upstream.dev')) return new Response('unreachable', { status: 599 });
  switch (url.pathname) {
    case '/redirect':
      return new Response(null, { status: 302, headers: { location: url.searchParams.get('to')! } });
    case '/bytes':
      return new Response(new Uint8Array(Number(url.searchParams.get('n'))));
    case '/cookie':
      return new Response('set', { headers: { 'set-cookie': 'a=b', 'x-kept': 'yes' } });
    default:
      return Response.json({
        method: request.method,
        url: request.url,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      });
  }
}
