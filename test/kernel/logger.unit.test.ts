import { afterEach, expect, test, vi } from 'vitest';
import { createLogger } from '../../src/kernel/logger';

afterEach(() => void vi.restoreAllMocks());

const log = createLogger('keys');

/** The lines that `write` sends to each method of the console. */
function linesOf(write: () => void): Record<string, unknown[]> {
  const methods = (['log', 'info', 'warn', 'error'] as const).map(
    (method) => [method, vi.spyOn(console, method).mockImplementation(() => undefined)] as const,
  );
  write();
  return Object.fromEntries(methods.map(([method, { mock }]) => [method, mock.calls.flat()]));
}

test('a line has its level, event, component and message first, then its fields, and its error last', () => {
  const error = new Error('KV is away');
  const { warn } = linesOf(() => log.warn('cache failed', { error, event: 'key.cache.write_failed', tries: 2 }));
  expect(warn![0]).toMatch(
    /^\{"level":"warn","event":"key.cache.write_failed","component":"keys","message":"cache failed","tries":2,"error":\{/,
  );
  expect(JSON.parse(String(warn![0]))).toMatchObject({ error: { name: 'Error', message: 'KV is away' } });
});

test.each(['info', 'warn', 'error'] as const)('the level %s is written by its own method of the console', (level) => {
  const lines = linesOf(() => log[level]('text', { event: 'request.failed' }));
  const written = { level, event: 'request.failed', component: 'keys', message: 'text' };
  expect(lines).toEqual({ log: [], info: [], warn: [], error: [], [level]: [JSON.stringify(written)] });
});

test('a logger of a request adds its id to each line', () => {
  const { error } = linesOf(() => log.for({ requestId: 'req_1' }).error('text', { event: 'request.failed' }));
  expect(JSON.parse(String(error![0]))).toMatchObject({ requestId: 'req_1', component: 'keys' });
});

/** Holds by compiling: `npm run check` fails where one of these is accepted. Never called. */
export function rejectedByTheCompiler(text: string, stored: { apiToken: string }): void {
  const event = 'request.failed';
  log.info('fields of these names are accepted', {
    event,
    keyId: text,
    tokenCount: 3,
    bodyBytes: 3,
    swept: { runs: 1 },
  });
  // @ts-expect-error a token
  log.error('x', { event, token: text });
  // @ts-expect-error a secret
  log.error('x', { event, secret: text });
  // @ts-expect-error a password
  log.error('x', { event, password: text });
  // @ts-expect-error a header that has credentials
  log.error('x', { event, authorization: text });
  // @ts-expect-error all headers
  log.error('x', { event, headers: text });
  // @ts-expect-error a body
  log.error('x', { event, body: text });
  // @ts-expect-error a key
  log.error('x', { event, key: text });
  // @ts-expect-error a cookie
  log.error('x', { event, cookie: text });
  // @ts-expect-error a longer name for the same
  log.error('x', { event, refreshTokens: text });
  // @ts-expect-error fields of an object that are spread
  log.error('x', { event, ...stored });
  const fields = { event, ...stored } as const;
  // @ts-expect-error fields of an object that was made before
  log.error('x', fields);
  // @ts-expect-error an object may contain anything
  log.error('x', { event, request: { url: text } });
  // @ts-expect-error the id comes from the request
  log.error('x', { event, requestId: text });
  // @ts-expect-error a line has an event
  log.error('x', {});
  // @ts-expect-error the list of events is closed
  log.error('x', { event: 'something.happened' });
}
