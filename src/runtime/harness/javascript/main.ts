import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import { call, settle, type CallFile } from './call';
import type { HostBinding } from './host';

type HarnessEnv = { PORTICO_HOST: HostBinding };

/** The isolate's door for pooled and per-call instances. */
export default class Entry extends WorkerEntrypoint<HarnessEnv> {
  call(meta: string, body?: ArrayBuffer, files?: CallFile[]): Promise<string | Response> {
    const host = { waitUntil: (work: Promise<unknown>) => this.ctx.waitUntil(work), portico: this.env.PORTICO_HOST };
    return call(host, meta, body, files);
  }
  settle(callId: string): Promise<string> {
    return settle(callId);
  }
}

/** The same door for a shared instance: a facet, whose SQLite is `ctx.storage`. */
export class App extends DurableObject<HarnessEnv> {
  call(meta: string, body?: ArrayBuffer, files?: CallFile[]): Promise<string | Response> {
    const host = {
      waitUntil: (work: Promise<unknown>) => this.ctx.waitUntil(work),
      storage: this.ctx.storage,
      portico: this.env.PORTICO_HOST,
    };
    return call(host, meta, body, files);
  }
  settle(callId: string): Promise<string> {
    return settle(callId);
  }
}
