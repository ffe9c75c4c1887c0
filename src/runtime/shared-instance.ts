import { DurableObject } from 'cloudflare:workers';
import type { Envelope } from './harness/envelope-text';
import type { Meta } from './harness/meta-text';
import { workerCode, type IsolateStub } from './isolate';
import { NEED_BUNDLE, REPLACED } from './shared-protocol';
import type { Bundle, CallHost, InputFile } from './types';

/** Milliseconds that calls on the old version have to end once a newer one is wanted. */
const DRAIN_MS = 5000;

type FacetStub = IsolateStub & Rpc.DurableObjectBranded;
/** Milliseconds by which the clocks of two isolates may differ. */
const SKEW_MS = 1000;

/** Key of the running bundle, and the key of earlier releases, which stored an object. */
const CODE = 'code';
const FORMER = 'bundle';

function readBundle({ kv }: DurableObjectStorage): Bundle | undefined {
  const stored = kv.get<Uint8Array>(CODE);
  return stored === undefined ? kv.get<Bundle>(FORMER) : (JSON.parse(new TextDecoder().decode(stored)) as Bundle);
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
      return await this.#track(work);
    } catch (error) {
      // Undefined after `discard`.
      if (this.#running?.id !== bundleId) return REPLACED;
      throw error;
    }
  }

  async drain(callId: string, lateWorkMs: number): Promise<string> {
    return this.#running === undefined ? '{}' : this.#track(this.#facet().drain(callId, lateWorkMs));
  }

  /** Returns what a running call has reported so far, as JSON text. */
  async peek(run: string): Promise<string> {
    return this.#running === undefined ? '{}' : this.#facet().peek(run);
  }

  /** Ends the facet of a test run and deletes its stored data and this object's. */
  async discard(): Promise<void> {
    this.#running = undefined;
    this.ctx.facets.delete('app');
    await this.ctx.storage.deleteAll();
  }

  /** Lets calls on the old version end, aborts the rest, and stores the new version. The facet's SQLite survives. */
  async #replace(bundle: Bundle): Promise<void> {
    if (this.#open.size > 0) {
      const drained = Promise.allSettled(this.#open);
      await Promise.race([drained, new Promise((resolve) => setTimeout(resolve, DRAIN_MS))]);
    }
    this.#running = bundle;
    // As UTF-8: a stored string with one character beyond Latin-1 has two bytes for each, and a value may have 2 MB [Cloudflare's limit].
    this.ctx.storage.kv.put(CODE, new TextEncoder().encode(JSON.stringify(bundle)));
    this.ctx.storage.kv.delete(FORMER);
    this.ctx.facets.abort('app', new Error('a newer version was deployed'));
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
