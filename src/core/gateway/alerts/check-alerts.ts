import type { Context } from '../../access/context';
import { toIso } from '../../../kernel/clock';
import { completeRules } from '../../publishing/endpoints/apply-rules';
import { countFailures, eventOf } from './alert.rules';
import { deliverAlert } from './deliver-alert';

/** Alerts that one cron event looks at, and messages that it sends. */
const MAX_ALERTS = 1000;
const MAX_MESSAGES = 100;
const MINUTE_MS = 60_000;

/**
 * Looks at all alerts, and sends the messages that are due. Each attempt waits for at most 15 s. Throws an AggregateError when all attempts have
 * ended.
 */
export async function checkAlerts(ctx: Context): Promise<void> {
  const { store, now } = ctx;
  const found = (await store.alerts.list(MAX_ALERTS)).map((each) => ({ ...each, ...completeRules(each) }));
  if (found.length > 0) await turnAlerts(ctx, found);
  const due = await store.alerts.due(now(), MAX_MESSAGES);
  const delivered = await Promise.allSettled(due.map((row) => deliverAlert(ctx, row)));
  const failures = delivered.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} messages of alerts were not sent`);
}

type Found = Awaited<ReturnType<Context['store']['alerts']['list']>>[number] & {
  rules: ReturnType<typeof completeRules>['rules'];
};

async function turnAlerts(ctx: Context, found: readonly Found[]): Promise<void> {
  const now = ctx.now();
  const longest = Math.max(...found.map(({ rules }) => rules.alert?.minutes ?? 0));
  const until = Math.ceil((now + 1) / MINUTE_MS) * MINUTE_MS;
  const since = until - (longest + 1) * MINUTE_MS;
  const tallies = await ctx.runLog.stats({ since, until, stepMs: MINUTE_MS, by: 'endpoint' });
  for (const { alert: row, path, rules } of found) {
    const { alert } = rules;
    if (alert === null) continue;
    const failures = countFailures(tallies, row.endpointId, alert.minutes, now);
    const event = eventOf(row, failures > alert.failures, now);
    if (event === null) continue;
    const firingSince = event === 'endpoint.recovered' ? null : (row.firingSince ?? now);
    const data = {
      endpoint: row.endpointId,
      path,
      failures,
      minutes: alert.minutes,
      since: toIso(row.firingSince ?? now),
    };
    const message = JSON.stringify({ type: event, timestamp: toIso(now), data });
    await ctx.store.alerts.turn(row, { firingSince, notifiedAt: now, message, attempts: 0, attemptAt: now });
  }
}
