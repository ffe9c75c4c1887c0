import { lackingHost, type CallRecord } from './capture';
import { parse } from './json';
import type { Send } from './tables';

/** The result of a request that cannot be sent: the stub of an ended call rejects, and so does one with arguments that are too large. */
const NOT_SENT = '{"error":{"code":"call_ended","message":"the call has ended, or the arguments are too large"}}';

/** Returns a sender to the host of a call, for work after its response as well. */
export const senderOf =
  (record: CallRecord): Send =>
  async (op, args) => {
    if (record.host === undefined) return (await lackingHost(record)) ?? NOT_SENT;
    return record.host.send(op, args).catch(() => NOT_SENT);
  };

/** Sends an operation to Portico; `args` is JSON text. Portico's refusals are Errors with a `code`. */
export async function askHost(send: Send, op: string, args: string): Promise<unknown> {
  const answer = parse(await send(op, args)) as { ok: unknown } | { error: { code: string; message: string } };
  if ('ok' in answer) return answer.ok;
  throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
}
