import type { Context } from '../core/access/context';
import { checkAlerts } from '../core/gateway/alerts/check-alerts';
import { runDueSchedules } from '../core/gateway/schedules/run-due-schedules';
import { onSchedule } from './retention.cron';

/** The cron expression of wrangler.toml that tends the stores; the other one runs what is due. */
const TENDING = '*/5 * * * *';

/** Answers a cron event. */
export async function onCron(cron: string, ctx: Context): Promise<void> {
  if (cron === TENDING) return onSchedule(ctx);
  // Alerts must not wait for runs, nor runs for receivers of alerts.
  const [runs, alerts] = await Promise.allSettled([runDueSchedules(ctx), checkAlerts(ctx)]);
  const failures = [runs, alerts].flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  if (failures.length > 0) throw new AggregateError(failures, 'the cron of a minute failed');
}
