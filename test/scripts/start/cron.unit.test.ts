import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CRONS, isOwnNoise } from '../../../scripts/start/cron.ts';

test('npm start fires the crons that a deploy has', () => {
  const crons = /^crons = (\[.*\])$/m.exec(readFileSync('wrangler.toml', 'utf8'))?.[1];
  expect(JSON.parse(crons!)).toEqual(CRONS.map(([cron]) => cron));
});

test('a successful cron event prints nothing, a failed one its failure', () => {
  expect(isOwnNoise('[wrangler:info] GET /cdn-cgi/local/scheduled 200 OK (12ms)')).toBe(true);
  expect(isOwnNoise('[wrangler:info] POST /cdn-cgi/portico/activity 200 OK (1ms)')).toBe(true);
  expect(isOwnNoise('{"level":"info","event":"retention.done","component":"retention","swept":{}}')).toBe(true);
  expect(isOwnNoise('{"level":"error","event":"retention.task_failed","component":"retention","task":"swept"}')).toBe(
    false,
  );
  expect(isOwnNoise('[wrangler:info] GET /u/quote 200 OK (12ms)')).toBe(false);
});
