import { toIso } from '../../kernel/clock';
import { ApiError } from '../../kernel/errors';
import { addAll, percentiles, type Histogram } from '../../kernel/histogram.rules';
import { verb } from '../access/verb';
import { endpointIdAt } from './endpoint-filter';
import type { RunTally } from './run-log';
import { MAX_STATS_STEPS, STEPS, type RunStats, type RunStatsInput } from './stats.schema';

type Figures = Pick<RunStats['items'][number], 'calls' | 'outcomes' | 'p50Ms' | 'p95Ms' | 'p99Ms'>;

/** Counts calls in steps of time, by endpoint or key. Refuses more than 1,500 steps. */
export const getRunStats = verb('run.read', async (ctx, input: RunStatsInput): Promise<RunStats> => {
  const stepMs = STEPS[input.step];
  const since = Math.floor(Date.parse(input.since) / stepMs) * stepMs;
  const until = Math.ceil((input.until === undefined ? ctx.now() : Date.parse(input.until)) / stepMs) * stepMs;
  if ((until - since) / stepMs > MAX_STATS_STEPS) throw tooManySteps();
  const tallies = await ctx.runLog.stats({
    since,
    until,
    stepMs,
    by: input.by ?? null,
    endpointId: input.endpoint === undefined ? undefined : await endpointIdAt(ctx, input.endpoint),
    keyId: input.key,
    kind: input.kind,
  });
  const items = [...groupBy(tallies, ({ group }) => group)].map(([group, own]) => ({
    group,
    ...figuresOf(own),
    steps: [...groupBy(own, ({ at }) => at)]
      .toSorted(([a], [b]) => a - b)
      .map(([at, step]) => ({ at: toIso(at), ...figuresOf(step) })),
  }));
  return { since: toIso(since), until: toIso(until), items: items.toSorted((a, b) => b.calls - a.calls) };
});

function tooManySteps(): ApiError {
  const message = `since must be at most ${MAX_STATS_STEPS} steps before until: use a longer step`;
  return new ApiError('invalid_parameter', message, {
    issues: [{ pointer: '#/query/since', code: 'too_small', message }],
  });
}

function groupBy<K>(tallies: readonly RunTally[], keyOf: (tally: RunTally) => K): Map<K, RunTally[]> {
  const groups = new Map<K, RunTally[]>();
  for (const tally of tallies) {
    const key = keyOf(tally);
    const known = groups.get(key);
    if (known) known.push(tally);
    else groups.set(key, [tally]);
  }
  return groups;
}

function figuresOf(tallies: readonly RunTally[]): Figures {
  const outcomes: Figures['outcomes'] = {};
  const durations: Histogram = [];
  let all = 0;
  for (const { outcome, calls, histogram } of tallies) {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + calls;
    all += calls;
    // Refusals take no time: many of them would hide how long the others took.
    if (outcome !== 'rejected') addAll(durations, histogram);
  }
  const [p50Ms, p95Ms, p99Ms] = percentiles(durations, [0.5, 0.95, 0.99]) as [null, null, null];
  return { calls: all, outcomes, p50Ms, p95Ms, p99Ms };
}
