import { parse, stringify } from './json';
import type { Send } from './tables';

/** Asks Portico for an operation, with values. Portico's refusals are Errors with a `code`. */
export async function askHost(send: Send, op: string, args: unknown): Promise<unknown> {
  const answer = parse(await send(op, stringify(args))) as
    | { ok: unknown }
    | { error: { code: string; message: string } };
  if ('ok' in answer) return answer.ok;
  throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
}
