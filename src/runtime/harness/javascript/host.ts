import { parse, stringify } from './capture';

/** What Portico lends to an isolate (src/entrypoints/host-api.ts): text in, text out. */
export interface HostBinding {
  send: (op: string, args: string) => Promise<string>;
}

/** Asks Portico to do something. Its refusals are Errors with a `code`. */
export async function askHost(host: HostBinding, op: string, args: unknown): Promise<unknown> {
  const answer = parse(await host.send(op, stringify(args))) as
    | { ok: unknown }
    | { error: { code: string; message: string } };
  if ('ok' in answer) return answer.ok;
  throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
}
