import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers GETs of Cloudflare's API, by their path with the query; 404 for all others. */
export async function startFakeApi(results: Record<string, unknown>) {
  const server = createServer(({ url = '' }, response) => {
    const isKnown = Object.hasOwn(results, url);
    const errors = isKnown ? [] : [{ code: 7404, message: 'not found' }];
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ success: isKnown, result: results[url] ?? null, errors }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((done) => server.close(done)),
  };
}
