import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { run } from './support/newcomer.ts';
import type { Visit } from './support/visit.ts';

const PYTHON = '/usr/bin/python3';
const SCRIPT = '/jaydoe/my_repo/fs/Instabase Drive/handlers/hello.py';

/** Sends the document's own Python calls with Debian's Python and its python3-requests: a client that knows nothing of Portico. */
export function instabaseCallsHold(visit: Visit): void {
  const python = (...args: string[]): Promise<string> => run(visit.home, PYTHON, ...args);

  test('the Python calls of the document print its results', async () => {
    await python('-c', 'import requests').catch((error: unknown) => {
      throw new Error(`${PYTHON} cannot import requests: install Debian's python3-requests`, { cause: error });
    });
    const admin = await visit.signIn();
    await admin.post('/admin/handlers', {
      path: SCRIPT,
      source: readFileSync('test/fixtures/python/instabase.py', 'utf8'),
    });
    const body = { name: 'instabase', roles: ['developer'] };
    const { token } = await admin.post<{ token: string }>('/admin/tokens', body);
    const printed = await python('test/fixtures/python/instabase-calls.py', visit.origin, token);
    const entry = `{'id': 'my-endpoint-id', 'path': 'helloworld', 'handler_script_path': '${SCRIPT}', 'state': 'ENABLED'}`;
    expect(printed.split('\n')).toEqual([
      "{'id': 'my-endpoint-id'}",
      'HTTP STATUS CODE 201 Endpoint handler is created at u/helloworld',
      "b'Hello World'",
      'HTTP STATUS CODE 200 OK',
      'HTTP STATUS CODE 404 Not Found',
      'HTTP STATUS CODE 404 Not Found',
      'HTTP STATUS CODE 404 Not Found',
      'HTTP STATUS CODE 404 Not Found',
      "{'id': 'my-endpoint-id'}",
      'HTTP STATUS CODE 200 OK',
      entry,
      'HTTP STATUS CODE 200 OK',
      `{'id': 'my-endpoint-id', 'endpoints': [${entry}]}`,
      'HTTP STATUS CODE 200 OK',
      'HTTP STATUS CODE 200 OK',
      'HTTP STATUS CODE 404 Not Found',
      '',
    ]);
  });
}
