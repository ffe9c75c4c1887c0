import { verb } from '../../access/verb';
import { toIso } from '../../../kernel/clock';
import { notFound } from '../../../kernel/errors';
import { completeRules } from '../../publishing/endpoints/apply-rules';
import { findEndpoint } from '../../publishing/endpoints/get-endpoint';
import type { AlertState, AlertTest, ListAlertsQuery, ListedAlert } from '../../publishing/endpoints/alert.schema';
import type { AlertRow } from '../../../storage/alerts';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { sendAlert, typeOfMessage } from './deliver-alert';

const OFF: AlertState = {
  state: 'off',
  since: null,
  waiting: null,
  lastResult: null,
  lastResultAt: null,
  ended: false,
  attempts: [],
};

/** Returns whether the alert of an endpoint fires, and what became of its messages. */
export const getAlert = verb('endpoint.read', async (ctx, endpointId: string): Promise<AlertState> => {
  await findEndpoint(ctx, endpointId);
  const row = await ctx.store.alerts.get(endpointId);
  return row ? toState(row) : OFF;
});

/** Returns a page of the alerts of all endpoints, those that fire first, then the newest endpoints. */
export const listAlerts = verb(
  'endpoint.read',
  async (ctx, { cursor, limit }: ListAlertsQuery): Promise<Page<ListedAlert>> => {
    const rows = await ctx.store.alerts.listAll(readCursor(cursor), limit + 1);
    const page = toPage(
      rows,
      limit,
      ({ position }) => position,
      ({ alert: row, ...endpoint }) => {
        const { path, rules } = completeRules(endpoint);
        if (rules.alert === null) return [];
        const { url, failures, minutes } = rules.alert;
        return [{ ...toState(row), endpoint: { id: row.endpointId, path }, url, failures, minutes }];
      },
    );
    return { ...page, items: page.items.flat() };
  },
);

/** Sends a message of the type `endpoint.test` to the receiver of an alert. Waits for its answer, for at most 15 s. */
export const testAlert = verb('endpoint.test', async (ctx, endpointId: string): Promise<AlertTest> => {
  const { rules, path } = await findEndpoint(ctx, endpointId);
  if (rules.alert === null) throw notFound('alert');
  const data = { endpoint: endpointId, path };
  const message = JSON.stringify({ type: 'endpoint.test', timestamp: toIso(ctx.now()), data });
  return { result: await sendAlert(ctx, endpointId, message) };
});

const toState = ({ firingSince, message, attempts, attemptAt, result, resultAt, isGone, attempted }: AlertRow) => ({
  state: firingSince === null ? ('ok' as const) : ('firing' as const),
  since: firingSince === null ? null : toIso(firingSince),
  waiting:
    message === null || attemptAt === null
      ? null
      : { type: typeOfMessage(message), attempts, nextAttemptAt: toIso(attemptAt) },
  lastResult: result,
  lastResultAt: resultAt === null ? null : toIso(resultAt),
  ended: isGone,
  attempts: (attempted ?? []).toReversed().map(({ at, ...attempt }) => ({ at: toIso(at), ...attempt })),
});
