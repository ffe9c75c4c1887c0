import { DurableObject } from 'cloudflare:workers';
import type { Envelope } from './harness/envelope-text';
import type { Meta } from './harness/meta-text';
import { PENDING_HEADER } from './harness/pending-header';
import { workerCode, type IsolateStub } from './isolate';
import { NEED_BUNDLE, REPLACED } from './shared-protocol';
import type { Bundle, CallHost, InputFile } from './types';

/** Milliseconds that calls on the old version have to end once a newer one is wanted. */
const DRAIN_MS = 5000;

/** Streams that a replacement waits for. */
const MAX_STREAMING = 1000;

type FacetStub = IsolateStub & Rpc.DurableObjectBranded;
/** Milliseconds by which the clocks of two isolates may differ. */
const SKEW_MS = 1000;

/** Key of the running bundle, and the key of earlier releases, which stored an object. */
const CODE = 'code';
const FORMER = 'bundle';
/** Bytes of one stored part of a bundle: a value may have 2 MB with its key [Cloudflare's limit]. */
const PART_BYTES = 1_900_000;

const partKey = (index: number): string => (index === 0 ? CODE : `${CODE}.${index}`);

function readBundle({ kv }: DurableObjectStorage): Bundle | undefined {
  const decoder = new TextDecoder();
  let text = '';
  let part: Uint8Array | undefined;
  for (let index = 0; (part = kv.get<Uint8Array>(partKey(index))) !== undefined; index++)
    text += decoder.decode(part, { stream: true });
  return text === '' ? kv.get<Bundle>(FORMER) : (JSON.parse(text) as Bundle);
}

/** Stores a bundle as UTF-8: a stored string with one character beyond Latin-1 has two bytes for each. JSON may be six times the code. */
function writeBundle({ kv }: DurableObjectStorage, bundle: Bundle): void {
  const bytes = new TextEncoder().encode(JSON.stringify(bundle));
  let index = 0;
  for (let start = 0; start < bytes.length; start += PART_BYTES)
    kv.put(partKey(index++), bytes.slice(start, start + PART_BYTES));
  while (kv.delete(partKey(index))) index++;
  kv.delete(FORMER);
}

type Wanted = Pick<Bundle, 'id' | 'generation' | 'asOf'>;

/**
 * Warm state of one endpoint: supervises one facet that runs its handler. Receives the code to run from its callers and reads no store.
 *
 * A facet keeps its old class until it is aborted, and can outlive an eviction of this object. So the version that it runs is kept in
 * storage, not only in a field, or stale code would continue to serve.
 */
export class SharedInstance extends DurableObject<Env> {
  #running: Bundle | undefined = readBundle(this.ctx.storage);
  #open = new Set<Promise<unknown>>();
  /** Calls whose response is a stream, by the ids of their reports, which are fetched when the stream has ended. */
  #streaming = new Map<string, PromiseWithResolvers<void>>();
  #replacing: Promise<void> | null = null;

  /**
   * Runs one call, wholly on one version. Returns the isolate's result, NEED_BUNDLE when it does not have the code, or REPLACED when a
   * newer version ended the call. A caller whose version the database named before the running one gets the running one.
   */
  async call(
    wanted: Wanted,
    meta: Meta,
    body: ArrayBuffer | undefined,
    files: InputFile[] | undefined,
    host: CallHost,
    bundle?: Bundle,
  ): Promise<Envelope | Response> {
    while (this.#replacing) await this.#replacing;
    if (this.#running === undefined || isNewer(wanted, this.#running)) {
      if (bundle === undefined) return NEED_BUNDLE;
      this.#replacing = this.#replace(bundle).finally(() => {
        this.#replacing = null;
      });
      await this.#replacing;
    }
    this.#confirm(wanted);
    const bundleId = this.#running!.id;
    const work: Promise<Envelope | Response> = this.#facet().call(meta, body, files, host);
    try {
      const answer = await this.#track(work);
      if (answer instanceof Response) this.#noteStream(answer);
      return answer;
    } catch (error) {
      // Undefined after `discard`.
      if (this.#running?.id !== bundleId) return REPLACED;
      throw error;
    }
  }

  async drain(callId: string, lateWorkMs: number): Promise<string> {
    if (this.#running === undefined) return '{}';
    try {
      return await this.#track(this.#facet().drain(callId, lateWorkMs));
    } finally {
      this.#streaming.get(callId)?.resolve();
      this.#streaming.delete(callId);
    }
  }

  /** Returns what a running call has reported so far, as JSON text. */
  async peek(run: string): Promise<string> {
    return this.#running === undefined ? '{}' : this.#facet().peek(run);
  }

  /** Ends the facet of a test run and deletes its stored data and this object's. */
  async discard(): Promise<void> {
    this.#running = undefined;
    this.#streaming.clear();
    this.ctx.facets.delete('app');
    await this.ctx.storage.deleteAll();
  }

  /** Lets calls on the old version end, aborts the rest, and stores the new version. The facet's SQLite survives. */
  async #replace(bundle: Bundle): Promise<void> {
    if (this.#open.size > 0 || this.#streaming.size > 0) {
      const drained = Promise.allSettled([
        ...this.#open,
        ...[...this.#streaming.values()].map(({ promise }) => promise),
      ]);
      await Promise.race([drained, new Promise((resolve) => setTimeout(resolve, DRAIN_MS))]);
    }
    // First: where this fails, the old version goes on, and the next call tries again.
    this.ctx.storage.transactionSync(() => writeBundle(this.ctx.storage, bundle));
    this.#running = bundle;
    this.ctx.facets.abort('app', new Error('a newer version was deployed'));
    this.#streaming.clear();
  }

  /** Notes a later read that found the running version. */
  #confirm({ id, generation, asOf }: Wanted): void {
    const running = this.#running!;
    if (id === running.id && asOf > running.asOf) this.#running = { ...running, generation, asOf };
  }

  #facet(): Fetcher<FacetStub> {
    const bundle = this.#running!;
    return this.ctx.facets.get<FacetStub>('app', () => ({
      class: this.env.LOADER.get(bundle.once ? null : bundle.id, () =>
        workerCode(bundle, this.env),
      ).getDurableObjectClass('App'),
    }));
  }

  /** Keeps a call open until its report is fetched. One whose caller was lost makes room for others. */
  #noteStream({ headers }: Response): void {
    const [callId] = (headers.get(PENDING_HEADER) ?? '').split(' ');
    if (!callId) return;
    if (this.#streaming.size >= MAX_STREAMING) this.#streaming.delete(this.#streaming.keys().next().value!);
    this.#streaming.set(callId, Promise.withResolvers<void>());
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#open.add(work);
    const done = (): boolean => this.#open.delete(work);
    work.then(done, done);
    return work;
  }
}

/**
 * Checks whether the database named `wanted` after `running`. The later read decides, because revisions go back when the database is restored;
 * revisions decide between reads that the clocks of isolates cannot tell apart.
 */
function isNewer(wanted: Wanted, running: Bundle): boolean {
  if (wanted.id === running.id) return false;
  const laterMs = wanted.asOf - running.asOf;
  if (Math.abs(laterMs) > SKEW_MS) return laterMs > 0;
  const [endpoint, handler] = wanted.generation;
  const [endpointNow, handlerNow] = running.generation;
  return endpoint > endpointNow || (endpoint === endpointNow && handler > handlerNow);
}
