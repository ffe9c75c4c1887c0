import { expect, test } from 'vitest';
import { readBody } from '../../../src/core/gateway/read-body';

/** A request whose caller leaves after the first bytes of its body. */
function brokenOff(): Request {
  let reads = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (reads++ === 0) controller.enqueue(new TextEncoder().encode('{"n":'));
      else controller.error(new Error('Network connection lost.'));
    },
  });
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' };
  return new Request('https://portico.test/', init);
}

test.each([
  ['without a length', null],
  ['before its length', '100'],
])('a body that breaks off %s is refused, and is no failure of Portico', async (_name, length) => {
  await expect(readBody(brokenOff(), length, 1000)).rejects.toMatchObject({ code: 'invalid_body' });
});

test.each([
  ['of the limit', 1000, null],
  ['beyond it', 1001, 'body_too_large'],
])('a body %s, without a length', async (_name, size, code) => {
  const request = new Request('https://portico.test/', { method: 'POST', body: 'x'.repeat(size) });
  const bytes = await readBody(request, null, 1000)!.then(
    ({ byteLength }) => byteLength,
    (error: { code: string }) => error.code,
  );
  expect(bytes).toBe(code ?? size);
});
