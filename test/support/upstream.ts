/**
 * The rest of the internet, for tests: every request that leaves workerd arrives here, in Node (see vitest.config.ts). It echoes what it
 * got; `/redirect?to=` redirects, with a status of the caller's choice, `/bytes?n=` answers that many bytes, at once or without saying how
 * many, `/cookie` sets one, `/json?value=` answers that value, `/packed` is gzip, `/.well-known/openid-configuration` describes an identity provider, `/later` answers after 5 s, and `/drip` a byte every 50 ms for as long.
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
      return new Response(null, {
        status: Number(url.searchParams.get('status') ?? 302),
        headers: { location: url.searchParams.get('to')! },
      });
    case '/bytes':
      return new Response(
        url.searchParams.has('streamed')
          ? drip(Number(url.searchParams.get('n')) / 65_536, 0, 65_536)
          : new Uint8Array(Number(url.searchParams.get('n'))),
      );
    case '/packed':
      // Compressed in transit, by its header.
      return new Response('unpacked '.repeat(100), {
        headers: { 'content-encoding': 'gzip', 'content-type': 'text/plain' },
      });
    case '/later':
      await new Promise((resolve) => setTimeout(resolve, 5000));
      return new Response('late');
    case '/drip':
      return new Response(drip(100, 50, 1));
    case '/json':
      return Response.json(JSON.parse(url.searchParams.get('value')!));
    case '/.well-known/openid-configuration': {
      const { origin } = url;
      const paths = { authorization_endpoint: '/authorize', token_endpoint: '/token', jwks_uri: '/keys' };
      return Response.json({
        issuer: origin,
        ...Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, origin + path])),
      });
    }
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

function drip(chunks: number, ms: number, bytes: number): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
      if (sent++ < chunks) controller.enqueue(new Uint8Array(bytes).fill(46));
      else controller.close();
    },
  });
}
