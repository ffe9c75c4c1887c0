import '../imports-only.js';
import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import { call, settle, type CallFile } from './call';
import type { Send } from './tables';

/** What an isolate is lent: see ../../isolate.ts. Not the handler's `env`, which comes with each call. */
interface Bindings {
  PORTICO_HOST: { send: Send };
}

const sender = (env: unknown): Send => {
  const { PORTICO_HOST: host } = env as Bindings;
  return (op, args) => host.send(op, args);
};

/** The isolate's door for pooled and per-call instances. */
export default class Entry extends WorkerEntrypoint {
  call(meta: string, body?: ArrayBuffer, files?: CallFile[]): Promise<string | Response> {
    const host = { waitUntil: (work: Promise<unknown>) => this.ctx.waitUntil(work), send: sender(this.env) };
    return call(host, meta, body, files);
  }
  settle(callId: string, lateWorkMs: number): Promise<string> {
    return settle(callId, lateWorkMs);
  }
}

/** The same door for a shared instance: a facet, whose SQLite is `ctx.storage`. */
export class App extends DurableObject {
  call(meta: string, body?: ArrayBuffer, files?: CallFile[]): Promise<string | Response> {
    const { ctx, env } = this;
    const host = {
      waitUntil: (work: Promise<unknown>) => ctx.waitUntil(work),
      send: sender(env),
      storage: ctx.storage,
    };
    return call(host, meta, body, files);
  }
  settle(callId: string, lateWorkMs: number): Promise<string> {
    return settle(callId, lateWorkMs);
  }
}
