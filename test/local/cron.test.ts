import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CRON, isCronNoise } from '../../scripts/start/cron.ts';

test('npm start fires the cron that a deploy has', () => {
  const crons = /^crons = (\[.*\])$/m.exec(readFileSync('wrangler.toml', 'utf8'))?.[1];
  expect(JSON.parse(crons!)).toEqual([CRON]);
});

test('what a cron event that went well writes is not shown; a failure of it is', () => {
  expect(isCronNoise('[wrangler:info] GET /cdn-cgi/local/scheduled 200 OK (12ms)')).toBe(true);
  expect(isCronNoise('{"level":"info","message":"retention","swept":{}}')).toBe(true);
  expect(isCronNoise('{"level":"error","message":"retention failed","task":"swept","error":"…"}')).toBe(false);
  expect(isCronNoise('[wrangler:info] GET /u/quote 200 OK (12ms)')).toBe(false);
});
