import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Context } from '../../../src/core/access/context';
import type { Definition } from '../../../src/core/gateway/definition';
import { identifyCaller } from '../../../src/core/gateway/identify-caller';
import { createIsolateCache } from '../../../src/core/gateway/isolate-cache';
import { UpdateEndpointInput } from '../../../src/core/publishing/endpoints/endpoint.schema';
import { updateEndpoint } from '../../../src/core/publishing/endpoints/update-endpoint';
import { ApiError } from '../../../src/kernel/errors';
import { createKey } from '../../../src/core/identity/keys/create-key';
import { deleteKey } from '../../../src/core/identity/keys/delete-key';
import { CreateKeyInput, UpdateKeyInput } from '../../../src/core/identity/keys/key.schema';
import { updateKey } from '../../../src/core/identity/keys/update-key';
import { createStore } from '../../../src/storage/store';
import { testContext } from '../../support/context';
import { publish, unique } from '../../support/publish';
import { staleKv, type CentralKv } from '../../support/stale-kv';

/*
 * Two colos with memories and stale KV views of their own, an admin elsewhere, one D1, and writers that may die before KV hears of a
 * change. Against a history of what was true when: a call is let in only by a key that was good within the last FRESHNESS, and
 * refused only if it was not good at some moment of the last REFUSAL.
 */
const FRESHNESS_MS = 5000;
const REFUSAL_MS = 2000;

type Step =
  | { do: 'create' }
  | { do: 'bind' | 'unbind' | 'replace' | 'switch' | 'delete'; key: number }
  | { do: 'expire'; key: number; inMs: number }
  | { do: 'wait'; ms: number }
  | { do: 'crash' }
  | { do: 'call'; colo: 0 | 1; value: number };

const call = fc.record({ do: fc.constant('call' as const), colo: fc.constantFrom<0 | 1>(0, 1), value: fc.nat(5) });
const wait = fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 1999, 2600, 5001, 61_000) });
const change = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant('create' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('bind', 'unbind', 'replace', 'switch', 'delete'), key: fc.nat(2) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), key: fc.nat(2), inMs: fc.nat(8000) }) },
);
/** A change that may lose its KV write, with calls and time around it: what a cache can get wrong needs all of these, in order. */
const round: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.array(call, { maxLength: 3 }),
    fc.boolean(),
    change,
    fc.option(wait, { nil: null }),
    fc.array(call, { minLength: 1, maxLength: 4 }),
  )
  .map(([before, crash, changed, pause, after]) => [
    ...before,
    ...(crash ? [{ do: 'crash' as const }] : []),
    changed,
    ...(pause ? [pause] : []),
    ...after,
  ]);

interface ModelKey {
  id: string;
  value: string;
  active: boolean;
  expiresAt: number | null;
  bound: boolean;
  deleted: boolean;
}

class World {
  clock = 1_800_000_000_000;
  central: CentralKv = { values: new Map(), loseNext: false };
  deferred: Promise<unknown>[] = [];
  keys: ModelKey[] = [];
  values: string[] = [];
  /** For each value, the moments at which it became good or bad. */
  history = new Map<string, { at: number; good: boolean }[]>();
  admin: Context;
  colos: Context[];
  readonly endpointId: string;

  constructor(endpoint: { id: string }) {
    this.endpointId = endpoint.id;
    const settings = { ...testContext().settings, freshnessMs: FRESHNESS_MS };
    const open = (): Context => {
      const store = createStore({
        DB: env.DB,
        DATA: env.DATA,
        FILES: env.FILES,
        KEYS: staleKv(this.central, () => this.clock),
      });
      const base = testContext();
      const cache = createIsolateCache(store, base.runtime, settings);
      return {
        ...base,
        store,
        cache,
        settings,
        now: () => this.clock,
        defer: (work) => void this.deferred.push(work.catch(() => undefined)),
      };
    };
    this.admin = open();
    this.colos = [open(), open()];
  }

  note(): void {
    for (const value of this.values) {
      const good = this.keys.some(
        (key) =>
          key.value === value && key.active && key.bound && !key.deleted && (key.expiresAt ?? Infinity) > this.clock,
      );
      const past = this.history.get(value) ?? [];
      if (past.at(-1)?.good !== good) this.history.set(value, [...past, { at: this.clock, good }]);
    }
  }

  /** Was `value` ever good (or bad) in the `ms` up to now? */
  wasEver(value: string, good: boolean, ms: number): boolean {
    const past = this.history.get(value) ?? [];
    return past.some((moment, i) => moment.good === good && (past[i + 1]?.at ?? this.clock + 1) > this.clock - ms);
  }

  /** Time passes in small moves, so that an expiry in between is noted. */
  wait(ms: number): void {
    const until = this.clock + ms;
    const stops = this.keys.map((key) => key.expiresAt ?? 0).filter((at) => at > this.clock && at <= until);
    for (const at of [...stops.sort((a, b) => a - b), until]) {
      this.clock = at;
      this.note();
    }
  }

  async bind(): Promise<void> {
    const keys = this.keys.filter((key) => key.bound && !key.deleted).map((key) => key.id);
    await updateEndpoint(this.admin, this.endpointId, UpdateEndpointInput.parse({ access: { keys } }), null);
  }

  async change(step: Extract<Step, { key: number }>): Promise<void> {
    const key = this.keys[step.key % this.keys.length];
    if (!key || key.deleted) return;
    switch (step.do) {
      case 'bind':
      case 'unbind':
        key.bound = step.do === 'bind';
        return this.bind();
      case 'replace': {
        const replaced = await updateKey(this.admin, key.id, UpdateKeyInput.parse({ key: true }), null);
        key.value = (replaced as { key: string }).key;
        this.values.push(key.value);
        return;
      }
      case 'switch':
        key.active = !key.active;
        await updateKey(this.admin, key.id, { active: key.active }, null);
        return;
      case 'expire':
        key.expiresAt = this.clock + step.inMs;
        await updateKey(this.admin, key.id, { expiresAt: new Date(key.expiresAt).toISOString() }, null);
        return;
      case 'delete':
        key.deleted = true;
        await deleteKey(this.admin, key.id, true, null);
    }
  }

  async create(): Promise<void> {
    if (this.keys.length >= 3) return;
    const made = await createKey(this.admin, CreateKeyInput.parse({ alias: unique('model') }));
    this.keys.push({ id: made.id, value: made.key!, active: true, expiresAt: null, bound: false, deleted: false });
    this.values.push(made.key!);
  }

  async call(colo: number, value: string): Promise<boolean> {
    const ctx = this.colos[colo]!;
    // An address per call: the storm limit is tested elsewhere.
    const caller = { ...ctx, address: unique('address') };
    const definition = (await ctx.cache.definitions.get(this.endpointId, this.clock, ctx.defer)) as Definition;
    try {
      await identifyCaller(caller, definition, new Headers({ 'x-api-key': value }));
      return true;
    } catch (error) {
      if (error instanceof ApiError && (error.code === 'invalid_key' || error.code === 'key_not_allowed')) return false;
      throw error;
    }
  }

  async take(step: Step): Promise<void> {
    if (step.do === 'wait') return this.wait(step.ms);
    if (step.do === 'crash') this.central.loseNext = true;
    else if (step.do === 'create') await this.create();
    else if (step.do === 'call') {
      const value = this.values[step.value % this.values.length]!;
      const admitted = await this.call(step.colo, value);
      if (admitted) expect(this.wasEver(value, true, FRESHNESS_MS), `${value} was let in`).toBe(true);
      else expect(this.wasEver(value, false, REFUSAL_MS), `${value} was refused`).toBe(true);
    } else await this.change(step);
    this.note();
    while (this.deferred.length > 0) await this.deferred.shift();
  }
}

// A lost KV write is reported, and here it is meant.
beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => undefined));

test('a key works at once and stops within FRESHNESS_SECONDS, whatever KV returns or loses', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 4, maxLength: 12 }), async (rounds) => {
      const { endpoint } = await publish('export default () => 1', { access: { level: 'key' } });
      const world = new World(endpoint);
      for (const each of [{ do: 'create' }, { do: 'bind', key: 0 }, ...rounds.flat()] as Step[]) await world.take(each);
    }),
    { numRuns: 20 },
  );
}, 60_000);

test('the model itself would notice: a KV answer believed without D1 keeps a deleted key alive', async () => {
  const { endpoint } = await publish('export default () => 1', { access: { level: 'key' } });
  const world = new World(endpoint);
  await world.take({ do: 'create' });
  await world.take({ do: 'bind', key: 0 });
  await world.take({ do: 'call', colo: 0, value: 0 });
  await world.take({ do: 'crash' });
  await world.take({ do: 'delete', key: 0 });
  expect(world.central.values.size).toBe(1);
  expect(await world.call(0, world.values[0]!)).toBe(true);
  world.wait(FRESHNESS_MS + 1);
  expect(await world.call(0, world.values[0]!)).toBe(false);
  expect(await world.call(1, world.values[0]!)).toBe(false);
});
