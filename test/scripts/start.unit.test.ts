import { rmSync, statSync } from 'node:fs';
import { onTestFinished, expect, test } from 'vitest';
import { membersOf } from '../../scripts/start/process-group.ts';
import { newHome, npmStart } from '../local/support/newcomer.ts';
import { table, toVisit } from '../local/support/visit.ts';

test('a first start makes secrets, publishes the examples, calls one, and leaves no process', async () => {
  const home = await newHome();
  onTestFinished(() => rmSync(home.folder, { recursive: true }));
  const start = npmStart(home, '--once');
  const code = await start.ended;
  expect([code, start.output()]).toEqual([0, expect.stringContaining('Published: hono-app, names-table')]);
  const { origin, exampleKey } = toVisit(home, start);
  expect(start.output()).toContain(`Answered   200 ${table('Ada', 'Grace')}`);
  expect(start.output()).toContain(`curl ${origin}/u/names-table -H 'x-api-key: ${exampleKey()}'`);
  expect([home.vars, home.notes].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
  expect(membersOf(start.pid)).toEqual([]);
});
