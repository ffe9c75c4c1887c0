import { parse, stringify } from './capture';

/** Asks Portico for an operation; both ways text (entrypoints/host-api.ts). */
export type Send = (op: string, args: string) => Promise<string>;

/** The same with values. Portico's refusals are Errors with a `code`. */
export async function askHost(send: Send, op: string, args: unknown): Promise<unknown> {
  const answer = parse(await send(op, stringify(args))) as
    | { ok: unknown }
    | { error: { code: string; message: string } };
  if ('ok' in answer) return answer.ok;
  throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
}
