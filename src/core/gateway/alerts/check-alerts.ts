import type { Context } from '../../access/context';
import { toIso } from '../../../kernel/clock';
import { createLogger } from '../../../kernel/logger';
import { completeRules } from '../../publishing/endpoints/apply-rules';
import type { Alert } from '../../publishing/endpoints/alert.schema';
import type { AlertRow } from '../../../storage/alerts';
import { countFailures, eventOf } from './alert.rules';
import { deliverAlert } from './deliver-alert';

/** Alerts that are read at once, and messages that one cron event sends. */
const PAGE = 500;
const MAX_MESSAGES = 100;
const MINUTE_MS = 60_000;

const log = createLogger('alerts');

/**
 * Looks at all alerts, and sends the messages that are due, also when the look fails. Each attempt waits for at most 15 s. Throws an
 * AggregateError when all attempts have ended.
 */
export async function checkAlerts(ctx: Context): Promise<void> {
  const failures = [...(await orLog(() => turnDue(ctx))), ...(await orLog(() => sendDue(ctx)))];
  if (failures.length > 0) throw new AggregateError(failures, 'alerts were not checked, or messages of them not sent');
}

/** Runs a part of the check. Returns what failed. */
async function orLog(work: () => Promise<unknown[]>): Promise<unknown[]> {
  try {
    return await work();
  } catch (error) {
    log.error('alerts could not be checked', { event: 'alert.check_failed', error });
    return [error];
  }
}

/** Turns the alerts that fire or have ended. */
async function turnDue(ctx: Context): Promise<[]> {
  const found = await findAlerts(ctx);
  if (found.length > 0) await turnAlerts(ctx, found);
  return [];
}

/** Sends the messages that are due; one must not stop the others. Returns what failed. */
async function sendDue(ctx: Context): Promise<unknown[]> {
  const due = await ctx.store.alerts.due(ctx.now(), MAX_MESSAGES);
  const sent = due.map(async (row): Promise<unknown[]> => {
    try {
      await deliverAlert(ctx, row);
      return [];
    } catch (error) {
      const { endpointId } = row;
      log.error('the message of an alert could not be sent', { event: 'alert.delivery_failed', endpointId, error });
      return [error];
    }
  });
  return (await Promise.all(sent)).flat();
}

interface Found {
  row: AlertRow;
  path: string;
  alert: NonNullable<Alert>;
}

/** Reads all alerts. An endpoint has at most one. */
async function findAlerts({ store }: Context): Promise<Found[]> {
  const found: Found[] = [];
  let after = '';
  for (;;) {
    const page = await store.alerts.list(after, PAGE);
    if (page.length === 0) return found;
    after = page.at(-1)!.alert.endpointId;
    for (const each of page) {
      const { alert } = completeRules(each).rules;
      if (alert !== null) found.push({ row: each.alert, path: each.path, alert });
    }
  }
}

async function turnAlerts(ctx: Context, found: readonly Found[]): Promise<void> {
  const now = ctx.now();
  const longest = found.reduce((most, { alert }) => Math.max(most, alert.minutes), 0);
  const until = Math.ceil((now + 1) / MINUTE_MS) * MINUTE_MS;
  const since = until - (longest + 1) * MINUTE_MS;
  const tallies = await ctx.runLog.stats({ since, until, stepMs: MINUTE_MS, by: 'endpoint' });
  const byEndpoint = Map.groupBy(tallies, ({ group }) => group);
  for (const { row, path, alert } of found) {
    const failures = countFailures(byEndpoint.get(row.endpointId) ?? [], alert.minutes, now);
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
