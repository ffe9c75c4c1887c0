import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { Call } from '../../../../packages/cli/src/command.ts';
import { followRuns } from '../../../../packages/cli/src/commands/runs.ts';
import { openService } from '../../../../packages/cli/src/service/client.ts';
import { withSession } from '../../../../packages/cli/src/service/with-session.ts';

let server: Server;
afterEach(() => void server.close());

async function serve(answer: RequestListener): Promise<string> {
  server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A call without arguments; `said` gets its lines. */
const callOf = (said: string[]): Call => ({
  args: [],
  folder: '',
  flag: () => false,
  text: () => undefined,
  texts: () => [],
  io: {
    isTerminal: false,
    say: (text) => void said.push(text),
    note: (text) => void said.push(text),
    result: () => undefined,
    style: (_style, text) => text,
  },
});

test('runs are followed on after a connection that broke, and a service that was away', async () => {
  const asked: (string | undefined)[] = [];
  const origin = await serve(({ headers }, response) => {
    asked.push(headers['last-event-id'] as string | undefined);
    const id = asked.length;
    if (id === 2) return response.writeHead(503).end('{"code":"unavailable","detail":"Not now."}');
    const run = { id: `run_${id}`, endpointPath: 'q', outcome: 'success', status: 200, startedAt: '', durationMs: 1 };
    response.write(`id: ${id}\nevent: run\ndata: ${JSON.stringify(run)}\n\n`, () => response.destroy());
  });
  const said: string[] = [];
  await followRuns(callOf(said), openService(origin, null), 2, new AbortController().signal, 1);
  const [first, note, second] = said;
  expect([first, second].map((line) => line!.split('  ').at(-1))).toEqual(['run_1', 'run_3']);
  expect(note).toMatch(/refused \(503 unavailable\): Not now\. \(trying again/);
  expect(asked).toEqual([undefined, '1', '1']);
});

test('runs are not followed at a service that is away from the start', async () => {
  const origin = await serve((_, response) => response.writeHead(503).end());
  const following = followRuns(callOf([]), openService(origin, null), 1, new AbortController().signal, 1);
  await expect(following).rejects.toMatchObject({ exit: 6 });
});

test('what was done in a session is returned, although the session cannot be ended', async () => {
  vi.stubEnv('PORTICO_TOKEN', '');
  const folder = mkdtempSync(join(tmpdir(), 'portico-'));
  writeFileSync(join(folder, '.dev.vars'), 'LOCAL_ADMIN_PASSWORD=of a test\n');
  const origin = await serve(({ method }, response) => {
    response.statusCode = method === 'DELETE' ? 503 : 200;
    response.end('{"accessToken":"a"}');
  });
  const said: string[] = [];
  try {
    const made = withSession(callOf(said), { origin, folder }, () => Promise.resolve('a value shown once'));
    await expect(made).resolves.toBe('a value shown once');
    expect(said.join()).toMatch(/^the session is not ended, and expires by itself: .* refused \(503/);
  } finally {
    rmSync(folder, { recursive: true });
    vi.unstubAllEnvs();
  }
});
