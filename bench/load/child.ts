/**
 * The load generator: a process of its own, so that neither the server's nor the bench's event loop delays a request. Receives orders over
 * IPC and returns a Sample for each. Writes one prepared text per request to plain sockets and reads no more of a response than its end,
 * because processor time of the client is missing from the server.
 */
import { connect, type Socket } from 'node:net';
import { ResponseReader } from './response-reader.ts';
import { toSample } from './sample.ts';
import type { LoadOrder, Measured, Sample, Target } from './types.ts';

/** A request without a response for this long is lost. */
const TIMEOUT_MS = 30_000;

/** Renders the request as it goes over the wire. */
function renderRequest({ url, method, headers, body }: Target): Buffer {
  const { pathname, search, host } = new URL(url);
  const length = body === undefined ? [] : [`content-length: ${Buffer.byteLength(body)}`];
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`${method} ${pathname}${search} HTTP/1.1`, `host: ${host}`, ...fields, ...length];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body ?? ''}`);
}

/** Sends the request over one connection, again after each response, until `until`. The last response is awaited. Rejects with the connection. */
function repeat(
  socket: Socket,
  request: Buffer,
  until: number,
  onResponse: (status: number, ms: number) => void,
): Promise<void> {
  const reader = new ResponseReader();
  let sentAt = 0;
  const send = (): void => {
    sentAt = performance.now();
    socket.write(request);
  };
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(why));
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => fail('the server closed the connection'));
    socket.setTimeout(TIMEOUT_MS, () => fail(`no response for ${TIMEOUT_MS / 1000} s`));
    socket.on('data', (bytes: Buffer) => {
      try {
        const status = reader.push(bytes);
        if (status === null) return;
        const now = performance.now();
        onResponse(status, now - sentAt);
        if (now < until) send();
        else resolve();
      } catch (error) {
        reject(error as Error);
      }
    });
    send();
  });
}

/** Fires one order: opens the connections, loads them for its time, closes them. */
async function fire({ target, connections, warmupMs, measureMs }: LoadOrder): Promise<Sample> {
  const { hostname, port } = new URL(target.url);
  const request = renderRequest(target);
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(hostname, Number(port))));
  const measured: Measured = { latencies: [], total: 0, unexpected: {} };
  const cpuBefore = process.cpuUsage();
  const from = performance.now() + warmupMs;
  const until = from + measureMs;
  const onResponse = (status: number, ms: number): void => {
    measured.total++;
    if (status !== target.status) measured.unexpected[status] = (measured.unexpected[status] ?? 0) + 1;
    const now = performance.now();
    if (now >= from && now < until) measured.latencies.push(ms);
  };
  try {
    await Promise.all(sockets.map((socket) => repeat(socket, request, until, onResponse)));
    const { user, system } = process.cpuUsage(cpuBefore);
    return toSample(measured, measureMs, (user + system) / 1000);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

const open = (host: string, port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    socket.once('connect', () => resolve(socket.off('error', reject)));
    socket.once('error', reject);
  });

process.on('message', (order: LoadOrder) => {
  fire(order).then(
    (sample) => process.send!({ sample }),
    (error: unknown) => process.send!({ error: `${order.target.url}: ${String(error)}` }),
  );
});
