import type { CallRecord } from './capture';
import { parse } from './json';
import type { Send } from './tables';

/** What a question comes to that cannot be put: the stub of a call that has ended rejects, and so does one that is handed too much. */
const UNASKED = '{"error":{"code":"call_ended","message":"the call has ended, or the arguments are too large"}}';

/** Asks the host of a call, also in work after its answer. */
export const senderOf =
  (record: CallRecord): Send =>
  (op, args) =>
    record.host!.send(op, args).catch(() => UNASKED);

/** Asks Portico for an operation; `args` is JSON text. Portico's refusals are Errors with a `code`. */
export async function askHost(send: Send, op: string, args: string): Promise<unknown> {
  const answer = parse(await send(op, args)) as { ok: unknown } | { error: { code: string; message: string } };
  if ('ok' in answer) return answer.ok;
  throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
}
