import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** An OpenID provider at localhost, whose page signs `claims` in at once. */
export async function startProvider(claims: Record<string, unknown>) {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'one' }];
  /** The nonce of the one sign-in that has begun. */
  let nonce = '';
  const server = createServer((request, response) => {
    const url = new URL(request.url!, issuer);
    if (url.pathname === '/authorize') {
      nonce = url.searchParams.get('nonce')!;
      const back = new URL(url.searchParams.get('redirect_uri')!);
      back.search = new URLSearchParams({ code: 'one', state: url.searchParams.get('state')! }).toString();
      response.writeHead(302, { location: back.href }).end();
    } else {
      void answer(request, url.pathname).then((value) => response.end(JSON.stringify(value)));
    }
  });
  const answer = async (request: IncomingMessage, path: string): Promise<object> => {
    if (path === '/keys') return { keys };
    if (path !== '/token')
      return {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
      };
    const form = new URLSearchParams(await text(request));
    const token = new SignJWT({ ...claims, nonce }).setProtectedHeader({ alg: 'RS256', kid: 'one' });
    const signed = token.setIssuer(issuer).setAudience(form.get('client_id')!).setExpirationTime('1m');
    return { id_token: await signed.sign(privateKey) };
  };
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  return { issuer, close: () => server.close() };
}
