import type { InputFile } from '../../types';
import '../fence.js';
import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import type { Envelope } from '../envelope-text';
import type { HostStub } from '../host-stub';
import type { Meta } from '../meta-text';
import { call } from './call';
import { drain, peek } from './reports';
import { limitStorage } from './storage';

/** Entrypoint of the isolate for pooled and per-call instances. */
export default class Entry extends WorkerEntrypoint {
  call(
    meta: Meta,
    body: ArrayBuffer | undefined,
    files: InputFile[] | undefined,
    host: HostStub | undefined,
  ): Promise<Envelope | Response> {
    const place = { waitUntil: (work: Promise<unknown>) => this.ctx.waitUntil(work) };
    return call(place, meta, body, files, host);
  }
  drain(callId: string, lateWorkMs: number): Promise<string> {
    return drain(callId, lateWorkMs);
  }
  peek(run: string): string {
    return peek(run);
  }
}

/** The same entrypoint for a shared instance: a facet, whose SQLite is `ctx.storage`. */
export class App extends DurableObject {
  readonly #storage = limitStorage(this.ctx.storage);

  call(
    meta: Meta,
    body: ArrayBuffer | undefined,
    files: InputFile[] | undefined,
    host: HostStub | undefined,
  ): Promise<Envelope | Response> {
    const place = { waitUntil: (work: Promise<unknown>) => this.ctx.waitUntil(work), storage: this.#storage };
    return call(place, meta, body, files, host);
  }
  drain(callId: string, lateWorkMs: number): Promise<string> {
    return drain(callId, lateWorkMs);
  }
  peek(run: string): string {
    return peek(run);
  }
}
