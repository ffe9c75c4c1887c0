import { DAY_MS } from '../kernel/clock';
import { ApiError } from '../kernel/errors';
import { readRunId, shardOf } from '../core/runs/run-id';
import type { RunLog, RunTally, StoredRun } from '../core/runs/run-log';
import { toRecord } from '../core/runs/stored-run.rules';
import type { RunDay, StoreOutcome } from '../entrypoints/run-day.do';
import type { RunIndex } from '../entrypoints/run-index.do';
import { packInTurns, toSought } from '../storage/run-log/batch';
import { budgetOf } from '../storage/run-log/day-list';
import { HOUR_MS } from '../storage/run-log/counts.rules';
import type { IndexStore, KnownPlace } from '../storage/run-log/index-store';
import { dayOf, endOfDay, toName, type RunPlace } from '../storage/run-log/place.rules';
import { mergeTallies } from '../storage/run-log/tallies';
import { listDays } from './run-log-list';
import { openTail } from './run-tail';

export interface RunLogBindings {
  RUN_DAY: DurableObjectNamespace<RunDay>;
  RUN_INDEX: DurableObjectNamespace<RunIndex>;
}

/** Parts of one day and shard: with the default size of an object, 160 GB. */
const MAX_PARTS = 20;

/** After the end of a day, its last runs still arrive. */
const FOLD_AFTER_MS = HOUR_MS;

type Group = Omit<RunPlace, 'part'>;

/**
 * The run log in Durable Objects: one per day (UTC), shard and part, and an index of them. An object gathers small batches of different
 * isolates for `gatherMs`.
 */
export function createRunLog(env: RunLogBindings, maxBytes: number, gatherMs = 0): RunLog {
  const dayAt = (place: RunPlace) => env.RUN_DAY.getByName(toName(place));
  const index = () => env.RUN_INDEX.getByName('index');
  /** The part that takes runs, by group: an isolate need not ask full ones again. */
  const parts = new Map<string, number>();

  /** Stores in the first part of the group that is not full. Returns the number of that part. */
  const store = async (
    group: Group,
    write: (day: ReturnType<typeof dayAt>) => Promise<StoreOutcome>,
  ): Promise<number> => {
    const name = `${group.day}/${group.shard}`;
    for (let part = parts.get(name) ?? 0; part < MAX_PARTS; part++) {
      if ((await write(dayAt({ ...group, part }))) === 'stored') {
        if (part > 0) parts.set(name, part);
        return part;
      }
    }
    throw new Error(`all ${MAX_PARTS} objects of the run log for ${name} are full`);
  };

  const appendTo = async ({ group, runs, unnamed }: GroupedRuns, isRepeat: boolean): Promise<void> => {
    if (unnamed.length > 0) await index().note(unnamed, { ...group, part: 0 });
    for (const batch of await packInTurns(isRepeat ? await withoutStored(group, runs) : runs)) {
      const part = await store(group, (day) => day.append(batch, isRepeat, maxBytes, gatherMs));
      // The day was full between start and end.
      for (let p = 0; p < part && batch.begun.length > 0; p++) await dayAt({ ...group, part: p }).end(batch.begun);
    }
  };

  const placesOf = async ({ day, shard }: Group): Promise<KnownPlace[]> =>
    (await index().places(day, day)).filter((place) => place.shard === shard);

  /**
   * Returns the runs of a repeated batch that no part has or had. An earlier attempt may have stored them in any: parts become full, and the
   * size of a full one is a setting. Deletes the starts of the others.
   */
  const withoutStored = async (group: Group, runs: StoredRun[]): Promise<StoredRun[]> => {
    const stored = new Set<string>();
    const places = await placesOf(group);
    for (const place of places) for (const id of await dayAt(place).known(toSought(runs))) stored.add(id);
    const begun = runs.flatMap(({ entry, hasBegun }) => (hasBegun && stored.has(entry.id) ? [entry.id] : []));
    if (begun.length > 0) for (const place of places) await dayAt(place).end(begun);
    return runs.filter(({ entry }) => !stored.has(entry.id));
  };

  /** Asks the parts of a group in turn, as far as the index knows them. */
  const inParts = async <T>(
    group: Group,
    ask: (day: ReturnType<typeof dayAt>) => Promise<T | null>,
  ): Promise<T | null> => {
    const first = await ask(dayAt({ ...group, part: 0 }));
    if (first !== null) return first;
    for (const place of await placesOf(group)) {
      if (place.part === 0) continue;
      const found = await ask(dayAt(place));
      if (found !== null) return found;
    }
    return null;
  };

  /** Returns where the run of an id is, and its start where the id says it. */
  const groupOf = async (id: string): Promise<{ group: Group; startedAt: number | null } | null> => {
    const read = readRunId(id);
    if (read !== null) return { group: { day: dayOf(read.startedAt), shard: read.shard }, startedAt: read.startedAt };
    const group = await index().placeOf(id);
    return group && { group, startedAt: null };
  };

  const fold = async (place: KnownPlace): Promise<void> => {
    await index().beginFold(place);
    await index().fold(place, await dayAt(place).fold());
    place.isFolded = true;
  };

  return {
    begin: async (run) => {
      await store(groupOfRun(run), (day) => day.begin(run, maxBytes));
    },
    append: async (runs, isRepeat) => {
      for (const grouped of byGroup(runs)) await appendTo(grouped, isRepeat);
    },
    get: async (id) => {
      const where = await groupOf(id);
      if (where === null) return null;
      const found = await inParts(where.group, (day) => day.get(id, where.startedAt));
      return found && toRecord(found);
    },
    list: async (filter, before, limit) => {
      const from = filter.since === undefined ? '' : dayOf(filter.since);
      const end = Math.min(filter.until ?? Infinity, before === null ? Infinity : before.at + 1);
      const places = await index().places(from, end === Infinity ? '~' : dayOf(Math.max(0, end - 1)));
      return listDays(places, limit, budgetOf(filter), (place) => dayAt(place).list(filter, before, limit));
    },
    remove: async (id) => {
      const where = await groupOf(id);
      if (where === null) return;
      await inParts(where.group, async (day) => {
        const found = await day.get(id, where.startedAt);
        if (found !== null) await day.remove(id, where.startedAt);
        return found;
      });
    },
    stats: async (query) => {
      const { since, until, stepMs } = query;
      const { tallies, others }: ReturnType<IndexStore['stats']> =
        stepMs < HOUR_MS
          ? { tallies: [], others: await index().places(dayOf(since), dayOf(Math.max(since, until - 1))) }
          : JSON.parse(await index().stats(query));
      const texts = await Promise.all(others.map((place) => dayAt(place).stats(query)));
      const merged = mergeTallies([tallies, ...texts.map((text) => JSON.parse(text) as RunTally[] | null)]);
      if (merged === null) throw tooManyCounts();
      return merged;
    },
    tail: (listener, filter, after) => openTail({ index, days: env.RUN_DAY }, listener, filter, after),
    tend: async ({ now, before, maxBytes, countsBefore }) => {
      const places = await index().places('', '~');
      const growing = places.filter(({ isFolded, bytes }) => !isFolded || bytes === 0);
      const failures = await eachOf(growing, async (place) => {
        place.bytes = await dayAt(place).bytes;
        await index().measure(place, place.bytes);
        if (!place.isFolded && endOfDay(place.day) + FOLD_AFTER_MS <= now) await fold(place);
      });
      let runs = 0;
      const forgotten = await eachOf(daysToForget(places, dayOf(now), before, maxBytes), async (place) => {
        if (!place.isFolded) await fold(place);
        await index().beginLeave(place);
        runs += await dayAt(place).forget();
        await index().leave(place);
      });
      await index().forgetHours(countsBefore);
      failures.push(...forgotten);
      if (failures.length > 0) throw new AggregateError(failures, `tending failed for objects: ${failures.length}`);
      return runs;
    },
  };
}

function tooManyCounts(): ApiError {
  const message = 'has too many endpoints or keys for these steps: name one of them, or use a longer step';
  return new ApiError('invalid_parameter', message, {
    issues: [{ pointer: '#/query/by', code: 'too_big', message }],
  });
}

/** Does the work for each place, one after the other, also after one that fails. Returns the errors. */
async function eachOf(places: readonly KnownPlace[], work: (place: KnownPlace) => Promise<void>): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const place of places) await work(place).catch((error: unknown) => failures.push(error));
  return failures;
}

const groupOfRun = ({ entry: { id, startedAt } }: StoredRun): Group => ({ day: dayOf(startedAt), shard: shardOf(id) });

/** Runs of one day and shard; `unnamed` are the ids that do not name them. */
interface GroupedRuns {
  group: Group;
  runs: StoredRun[];
  unnamed: string[];
}

/** Sorts runs by the objects that keep them: by day and shard. Each id is read once, and each day written once. */
function byGroup(runs: readonly StoredRun[]): GroupedRuns[] {
  const groups = new Map<string, GroupedRuns>();
  for (const run of runs) {
    const { id, startedAt } = run.entry;
    const read = readRunId(id);
    const name = `${Math.floor(startedAt / DAY_MS)}/${read === null ? shardOf(id) : read.shard}`;
    let grouped = groups.get(name);
    if (grouped === undefined) groups.set(name, (grouped = { group: groupOfRun(run), runs: [], unnamed: [] }));
    grouped.runs.push(run);
    if (read === null) grouped.unnamed.push(id);
  }
  return [...groups.values()];
}

/** Returns the objects of the days to delete: over their time, or the oldest ones while all together are larger than `maxBytes`. */
function daysToForget(places: readonly KnownPlace[], today: string, before: number, maxBytes: number): KnownPlace[] {
  let left = places.reduce((sum, { bytes }) => sum + bytes, 0);
  const forgotten: KnownPlace[] = [];
  for (const day of new Set(places.map((place) => place.day).toReversed())) {
    if (endOfDay(day) > before && (left <= maxBytes || day >= today)) break;
    const own = places.filter((place) => place.day === day);
    left -= own.reduce((sum, { bytes }) => sum + bytes, 0);
    forgotten.push(...own);
  }
  return forgotten;
}
