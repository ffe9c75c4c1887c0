import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import { call, settle, type CallFile } from './call';

/** The isolate's door for pooled and per-call instances. */
export default class Entry extends WorkerEntrypoint {
  call(meta: string, body?: ArrayBuffer, files?: CallFile[]): Promise<string | Response> {
    return call(this.ctx, meta, body, files);
  }
  settle(callId: string): Promise<string> {
    return settle(callId);
  }
}

/** The same door for a shared instance: a facet, whose SQLite is `ctx.storage`. */
export class App extends DurableObject {
  call(meta: string, body?: ArrayBuffer, files?: CallFile[]): Promise<string | Response> {
    const host = { waitUntil: (work: Promise<unknown>) => this.ctx.waitUntil(work), storage: this.ctx.storage };
    return call(host, meta, body, files);
  }
  settle(callId: string): Promise<string> {
    return settle(callId);
  }
}
