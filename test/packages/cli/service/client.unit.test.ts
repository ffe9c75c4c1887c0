import { expect, test } from 'vitest';
import { EXIT } from '../../../../packages/cli/src/failure.ts';
import { toRefusal } from '../../../../packages/cli/src/service/client.ts';

const exitFor = (status: number, code: string) => toRefusal('https://a.example', status, JSON.stringify({ code })).exit;

test('a refusal has the exit code of its reason', () => {
  expect(exitFor(503, 'unavailable')).toBe(EXIT.away);
  expect(toRefusal('https://a.example', 503, '<html>').exit).toBe(EXIT.away);
  expect(exitFor(503, 'not_configured')).toBe(EXIT.failed);
  expect(exitFor(503, 'executor_disabled')).toBe(EXIT.failed);
  expect(exitFor(403, 'forbidden')).toBe(EXIT.denied);
});
