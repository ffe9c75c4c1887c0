import * as z from 'zod';
import { PageQuery } from '../../../kernel/page';
import { SecretName } from '../../code/secret-name.schema';
import { PublicUrl } from '../../egress/public-url.schema';

/** The receiver of messages about an endpoint that fails. */
export const Alert = z
  .strictObject({
    url: PublicUrl.meta({ description: 'Gets a signed POST, as Standard Webhooks have it' }),
    secret: SecretName.meta({ description: 'Name of the secret, one of `secrets`, that signs: `whsec_` and base64' }),
    failures: z
      .int()
      .min(0)
      .max(1_000_000)
      .meta({ description: 'More failed runs than these raise the alert' })
      .default(0),
    minutes: z.int().min(1).max(60).meta({ description: 'Time in which failed runs count' }).default(10),
  })
  .nullable()
  .meta({ description: 'Sends messages when runs fail' });
export type Alert = z.output<typeof Alert>;

export const AlertState = z.object({
  state: z.enum(['off', 'ok', 'firing']).meta({ description: 'off: the endpoint has no `alert`' }),
  since: z.iso.datetime().nullable().meta({ description: 'Time at which it began to fire' }),
  waiting: z
    .object({ type: z.string(), attempts: z.int(), nextAttemptAt: z.iso.datetime() })
    .nullable()
    .meta({ description: 'The message that is not delivered yet' }),
  lastResult: z
    .string()
    .nullable()
    .meta({ description: '`delivered`, or why the last attempt failed. After 410 no more messages are sent' }),
  lastResultAt: z.iso.datetime().nullable(),
  ended: z.boolean().meta({ description: 'true: the receiver answered 410 and gets no more messages' }),
  attempts: z
    .array(z.object({ at: z.iso.datetime(), type: z.string(), result: z.string() }))
    .meta({ description: 'The last 20 attempts to deliver a message, newest first' }),
});
export type AlertState = z.infer<typeof AlertState>;

/** An alert in the list of all endpoints. */
export const ListedAlert = AlertState.extend({
  endpoint: z.object({ id: z.string(), path: z.string() }),
  url: z.string(),
  failures: z.int(),
  minutes: z.int(),
});
export type ListedAlert = z.infer<typeof ListedAlert>;

export const ListAlertsQuery = PageQuery;
export type ListAlertsQuery = z.infer<typeof ListAlertsQuery>;

/** The result of a message that was sent as a test. */
export const AlertTest = z.object({
  result: z.string().meta({ description: '`delivered`, or why it was not' }),
});
export type AlertTest = z.infer<typeof AlertTest>;
