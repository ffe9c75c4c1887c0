import type { InputFile } from '../../types';
import '../fence.js';
import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import type { HostStub } from '../host-stub';
import { metaText, type MetaText } from '../meta-text';
import { call, check, drain, peek } from './call';
import { runOperation, type OperationFile, type Send } from './operation';

/** Entrypoint of the isolate for pooled and per-call instances. */
export default class Entry extends WorkerEntrypoint {
  call(
    meta: MetaText,
    body: ArrayBuffer | undefined,
    files: InputFile[] | undefined,
    host: HostStub,
  ): Promise<string | Response> {
    return call(host, (work) => this.ctx.waitUntil(work), metaText(meta), body, files);
  }
  drain(callId: string): Promise<string> {
    return drain(callId);
  }
  peek(run: string): Promise<string> {
    return peek(run);
  }
  /** Checks a source at save time, without running it. */
  check(source: string, folder: string): Promise<string> {
    return check((work) => this.ctx.waitUntil(work), source, folder);
  }
  /** Runs an operation of a graph in an isolate that does nothing else. Returns the outcome as bytes. */
  run(job: string, files: OperationFile[], send: Send): Promise<ArrayBuffer> {
    return runOperation(job, files, send);
  }
}

/** The same entrypoint for a shared instance: a facet of the endpoint's Durable Object. */
export class App extends DurableObject {
  call(
    meta: MetaText,
    body: ArrayBuffer | undefined,
    files: InputFile[] | undefined,
    host: HostStub,
  ): Promise<string | Response> {
    return call(host, (work) => this.ctx.waitUntil(work), metaText(meta), body, files);
  }
  drain(callId: string): Promise<string> {
    return drain(callId);
  }
  peek(run: string): Promise<string> {
    return peek(run);
  }
}
