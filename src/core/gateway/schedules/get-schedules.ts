import type { Context } from '../../access/context';
import { verb } from '../../access/verb';
import { toIso } from '../../../kernel/clock';
import { notFound } from '../../../kernel/errors';
import { findEndpoint } from '../../publishing/endpoints/get-endpoint';
import { assertMayRunAs } from '../../access/run-as';
import { nextTimes } from '../../publishing/endpoints/schedule.rules';
import { completeRules } from '../../publishing/endpoints/apply-rules';
import type {
  ListedSchedule,
  ListSchedulesQuery,
  Schedule,
  ScheduleState,
} from '../../publishing/endpoints/schedule.schema';
import type { ScheduleRow, WaitingFields } from '../../../storage/schedules';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { loadDefinition } from '../load-definition';
import { runSchedule } from './run-schedule';

/** Times that a schedule shows in advance. */
const SHOWN = 5;

/** Returns the schedules of an endpoint, with their last and next times. */
export const listSchedules = verb(
  'endpoint.read',
  async (ctx, endpointId: string): Promise<{ schedules: ScheduleState[] }> => {
    const { rules, active } = await findEndpoint(ctx, endpointId);
    const rows = await ctx.store.schedules.list(endpointId);
    const rowOf = (name: string) => rows.find((each) => each.name === name);
    return { schedules: rules.schedules.map((one) => toState(ctx, one, rowOf(one.name), active)) };
  },
);

/** Returns a page of the schedules of all endpoints, the next to run first. */
export const listAllSchedules = verb(
  'endpoint.read',
  async (ctx, { cursor, limit }: ListSchedulesQuery): Promise<Page<ListedSchedule>> => {
    const rows = await ctx.store.schedules.listAll(readCursor(cursor), limit + 1);
    const page = toPage(
      rows,
      limit,
      ({ position }) => position,
      ({ schedule: row, ...endpoint }) => {
        const { id, path, active, rules } = completeRules(endpoint);
        const found = rules.schedules.find(({ name }) => name === row.name);
        return found ? [{ ...toState(ctx, found, row, active), endpoint: { id, path, active } }] : [];
      },
    );
    return { ...page, items: page.items.flat() };
  },
);

function toState(
  ctx: Context,
  { name, cron, zone, overlap, paused = false }: Schedule,
  row: ScheduleRow | undefined,
  active: boolean,
): ScheduleState {
  return {
    name,
    cron,
    zone,
    overlap,
    paused,
    next: active && !paused ? nextTimes({ cron, zone }, ctx.now(), SHOWN).map(toIso) : [],
    lastAt: row?.lastAt == null ? null : toIso(row.lastAt),
    lastCause: row?.lastAt == null ? null : (row.lastCause ?? 'time'),
    lastRunId: row?.lastRunId ?? null,
    lastStatus: row?.lastStatus ?? null,
    waiting: row ? toWaiting(row) : null,
  };
}

const toWaiting = ({ waitingAt, waitingDue, waitingAttempt }: WaitingFields): ScheduleState['waiting'] =>
  waitingAt === null || waitingDue === null || waitingAttempt === null
    ? null
    : { at: toIso(waitingAt), due: toIso(waitingDue), attempt: waitingAttempt };

/** Runs an endpoint by one of its schedules now, whatever its time. Its next time stays, and a failure is not tried again. Resolves when the run has ended. */
export const runScheduleNow = verb(
  'endpoint.test',
  async (ctx: Context, endpointId: string, name: string): Promise<{ runId: string; status: number }> => {
    const endpoint = await findEndpoint(ctx, endpointId);
    const executor = await ctx.store.users.get(endpoint.executorId);
    if (executor) assertMayRunAs(ctx, executor);
    const definition = await loadDefinition(ctx, endpointId, null, ctx.now());
    const schedule = definition?.schedules.find((each) => each.name === name);
    if (!definition || !schedule) throw notFound('schedule');
    const at = ctx.now();
    const { runId, status } = await runSchedule(ctx, definition, schedule, { due: at, missed: 0, attempt: 1 }, null);
    await ctx.store.schedules.end(endpointId, name, { at, cause: 'request', runId, status });
    return { runId, status };
  },
);
