import { expect, test } from 'vitest';
import type { Generator } from '../../bench/load/generator.ts';
import { runHeat } from '../../bench/race.ts';
import type { Subject } from '../../bench/scenarios/line-up.ts';

const served = { cpuMs: () => null };
const subject = (name: string): Subject => ({
  name,
  title: name,
  target: { url: `http://127.0.0.1/${name}`, method: 'GET', headers: {}, status: 200 },
  floor: null,
  connections: null,
  served,
});

test('a row that fails is listed with its reason, and the others are measured', async () => {
  const asked: string[] = [];
  const generator = {
    fire: async ({ target: { url } }: Parameters<Generator['fire']>[0]) => {
      asked.push(url);
      const unexpected = url.endsWith('/broken') ? { 500: 3 } : {};
      return { perSecond: 10, p50: 1, p99: 2, total: 10, measured: 10, cpuMs: 1, unexpected };
    },
    stop: () => undefined,
  } as unknown as Generator;
  const plan = { connections: 16, rounds: 2, warmupMs: 0, measureMs: 1 };
  const subjects = ['one', 'broken', 'another'].map(subject);
  const { rows, failures } = await runHeat(generator, subjects, plan, () => undefined);
  expect(rows.map(({ name }) => name)).toEqual(['one', 'another']);
  expect(failures).toMatchObject([
    { title: 'broken', reason: expect.stringContaining('did not return 200') as string },
  ]);
  expect(asked.filter((url) => url.endsWith('/broken'))).toHaveLength(1);
});
