import { parse } from './json';
import type { Send } from './tables';

/** Asks Portico for an operation; `args` is JSON text. Portico's refusals are Errors with a `code`. */
export async function askHost(send: Send, op: string, args: string): Promise<unknown> {
  const answer = parse(await send(op, args)) as { ok: unknown } | { error: { code: string; message: string } };
  if ('ok' in answer) return answer.ok;
  throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
}
