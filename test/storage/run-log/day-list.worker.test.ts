import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { RunFilter } from '../../../src/core/runs/run-log';
import type { Position } from '../../../src/kernel/page';
import { packRuns } from '../../../src/storage/run-log/batch';
import { budgetOf } from '../../../src/storage/run-log/day-list';
import { DayStore } from '../../../src/storage/run-log/day-store';
import { detail, record, stored } from '../../support/runs';

const HOUR_MS = 3_600_000;
const NOON = Date.parse('2024-11-01T12:00:00Z');

test('a list after a clock that was hours ahead reads a bounded part of the day, and every page is in order', () =>
  runInDurableObject(env.RUN_DAY.getByName('a clock that is ahead'), (_, { storage }) => {
    const store = new DayStore(storage);
    const add = (startedAt: number) => {
      const found = detail({ logs: [{ at: new Date(0).toISOString(), level: 'info', message: 'found' }] });
      const run = record('ep_ahead', { startedAt, detail: found });
      store.append([{ batch: packRuns(stored(run))[0]!, isRepeat: false }], startedAt);
      return run;
    };
    const filter: RunFilter = { endpointId: 'ep_ahead', text: 'found' };
    const budget = budgetOf(filter);
    const runs = [
      ...Array.from({ length: 40 }, (_, n) => add(NOON - HOUR_MS + n)),
      add(NOON + 6 * HOUR_MS),
      add(NOON + 5 * HOUR_MS),
      ...Array.from({ length: 3 * budget }, (_, n) => add(NOON + n)),
    ];
    const listed: string[] = [];
    let before: Position | null = null;
    do {
      const page: ReturnType<DayStore['list']> = store.list(filter, before, 50, NOON);
      expect(page.batches).toBeLessThanOrEqual(2 * budget);
      expect(page.entries.length).toBeGreaterThan(0);
      listed.push(...page.entries.map(({ id }) => id));
      before = page.next;
    } while (before !== null);
    expect(listed).toEqual(runs.toSorted((a, b) => b.startedAt - a.startedAt).map(({ id }) => id));
  }));
