import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a server received. Bodies of 100 KB and more are not read as text. */
export interface Sent {
  method: string;
  path: string;
  body: string;
  status: number;
}

export interface TestServer {
  origin: string;
  sent: Sent[];
  /** Refuses the next request whose method, path and body match, with this status. */
  failNext: (method: string, path: RegExp, status: number, body?: RegExp) => void;
  close: () => Promise<void>;
}

type Handler = (request: Request) => Response | Promise<Response>;

const MAX_TEXT = 100_000;

/** Serves a handler over HTTP at a free port of this machine, records requests, and fails those that a test chooses. */
export async function serve(handle: Handler): Promise<TestServer> {
  const sent: Sent[] = [];
  const failures: { method: string; path: RegExp; status: number; body: RegExp }[] = [];
  const answer = async (request: Request, path: string, text: string): Promise<Response> => {
    const failure = failures.find((one) => one.method === request.method && one.path.test(path) && one.body.test(text));
    if (failure === undefined) return handle(request);
    failures.splice(failures.indexOf(failure), 1);
    const { status } = failure;
    const message = 'a failure that the test wants';
    return Response.json(
      { success: false, errors: [{ code: 10001, message }], code: 'wanted', detail: message },
      { status },
    );
  };
  const server: Server = createServer((incoming, outgoing) => {
    void (async () => {
      const bytes = await readAll(incoming);
      const { method = 'GET', url: path = '/' } = incoming;
      const hasBody = method !== 'GET' && method !== 'HEAD' && bytes.length > 0;
      const request = new Request(`http://${incoming.headers.host}${path}`, {
        method,
        headers: incoming.headers as Record<string, string>,
        ...(hasBody && { body: new Uint8Array(bytes) }),
      });
      const body = bytes.length < MAX_TEXT ? bytes.toString() : '';
      const failed = (error: Error): Response => new Response(error.stack, { status: 500 });
      const response = await answer(request, path, body).catch(failed);
      sent.push({ method, path, body, status: response.status });
      await send(response, outgoing);
    })();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    failNext: (method, path, status, body = /^/) => void failures.push({ method, path, status, body }),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const headers = Object.fromEntries(response.headers);
  // fetch has decoded the body.
  delete headers['content-encoding'];
  delete headers['content-length'];
  outgoing.writeHead(response.status, headers);
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}
