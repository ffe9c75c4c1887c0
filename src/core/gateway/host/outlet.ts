import type { Bundle, CallHost, OutboundAnswer, OutboundLine, Report } from '../../../runtime/types';
import type { Context } from '../../access/context';
import { DEPTH_HEADER, signDepth } from '../depth';
import { egressIssue } from '../../egress/egress.rules';
import { type Hop, readOutbound } from '../../egress/outbound.rules';
import { CANCELED, type Gate, sendOutbound } from '../../egress/send-outbound';
import { ApiError } from '../../../kernel/errors';
import { hostCall, type HostOperation, type HostAnswer, type Asking, type CallFacts } from './host-call';

/** Maximum number of requests that a run records. */
const MAX_LINES = 100;

/** Characters of logs of called handlers beyond which no run has room for another. */
const MAX_LOG_CHARS = 65_536;

/** Maximum bytes of request bodies that one call sends at once: they are in the memory of the Worker. */
const MAX_BYTES_UNDER_WAY = 33_554_432;

/**
 * The host of one call: operations of Portico, and the network. Every isolate of the call (middleware, handler, handlers of `call` steps)
 * asks here, so limits apply to the call as a whole. Refuses everything once the call has ended.
 */
export class Outlet {
  /** Requests sent or attempted, for the run. */
  readonly outbound: OutboundLine[] = [];
  /** Later reports of called handlers: what their steps did not print. */
  readonly called: Report[] = [];
  readonly call: CallFacts;
  readonly #ctx: Context;
  readonly #operations: Readonly<Record<string, HostOperation>>;
  /** Requests in progress; null until the first one: most calls send none. */
  #underWay: Set<AbortController> | null = null;
  #bytesUnderWay = 0;
  #late: Promise<unknown>[] | null = null;
  #asked = 0;
  #calledChars = 0;
  #sent = 0;
  #isClosed = false;
  #asExecutor: Promise<Context> | null = null;

  constructor(ctx: Context, call: CallFacts, operations: Readonly<Record<string, HostOperation>>) {
    this.call = call;
    this.#ctx = ctx;
    this.#operations = operations;
  }

  /** Returns the host for one isolate of the call. */
  for(bundle: Bundle, depth: number): CallHost {
    const asking = { outlet: this, bundle, depth };
    const underWay = new Map<unknown, AbortController>();
    return {
      send: (op, args) => this.#send(op, args, asking),
      fetch: (request) => this.#fetch(request, depth, underWay),
      cancel: (id) => underWay.get(id)?.abort(),
    };
  }

  /** Adds background work of a called handler: it asks here as well, so the call does not end before it. */
  awaits(work: Promise<unknown>, ctx: Pick<Context, 'defer'>): void {
    (this.#late ??= []).push(work);
    ctx.defer(work);
  }

  /** Adds the later report of a called handler: its first failure, and its log while a run has room for more. */
  adds(report: Report): void {
    const isFull = this.#calledChars > MAX_LOG_CHARS;
    const isFirst = this.called.every(({ lateError }) => lateError === null);
    const logs = isFull ? [] : report.logs;
    for (const [, , text] of logs) this.#calledChars += text.length;
    const lateError = isFirst ? report.lateError : null;
    if (logs.length > 0 || lateError !== null) this.called.push({ ...report, logs, lateError });
  }

  /** Resolves when all background work of called handlers has ended; null when there is none. */
  rest(): Promise<unknown> | null {
    return this.#late && Promise.allSettled(this.#late);
  }

  /** Aborts all requests in progress and refuses new ones. */
  close(): void {
    this.#isClosed = true;
    this.#underWay?.forEach((request) => request.abort());
  }

  async #send(op: unknown, args: unknown, asking: Asking): Promise<string> {
    const { hostCalls } = this.call.definition.limits;
    const refused = (code: string, message: string): string =>
      JSON.stringify({ error: { code, message } } satisfies HostAnswer);
    if (this.#isClosed) return refused('call_ended', 'the call has ended');
    if (++this.#asked > hostCalls)
      return refused('too_many_operations', `more than ${hostCalls} operations in one call (limits.hostCalls)`);
    if (typeof op !== 'string' || typeof args !== 'string')
      return refused('invalid_input', 'operation and arguments must be strings');
    return JSON.stringify(await hostCall(() => this.#open(), this.#operations, op, args, asking));
  }

  /** The context of operations: the executor's, read when the first one is asked for. 503 `executor_disabled`. */
  #open(): Promise<Context> {
    this.#asExecutor ??= this.#readExecutor().catch((error: unknown) => {
      // A store that was unreachable may be back for the next operation.
      this.#asExecutor = null;
      throw error;
    });
    return this.#asExecutor;
  }

  async #readExecutor(): Promise<Context> {
    const { executor: known } = this.call.definition;
    const executor = known && (await this.#ctx.store.users.get(known.id));
    if (!executor?.active) throw new ApiError('executor_disabled', 'the executor of this endpoint is disabled');
    const { id, name, roles } = executor;
    const actor = { kind: 'user' as const, id, name, roles, sessionId: '', executing: true as const };
    return { ...this.#ctx, actor, firstAnswer: null };
  }

  async #fetch(value: unknown, depth: number, underWay: Map<unknown, AbortController>): Promise<OutboundAnswer> {
    const request = readOutbound(value);
    if (typeof request === 'string') return { refused: request };
    if (this.#isClosed) return { refused: CANCELED };
    const bytes = request.body?.byteLength ?? 0;
    if (this.#bytesUnderWay + bytes > MAX_BYTES_UNDER_WAY)
      return { refused: `more than ${MAX_BYTES_UNDER_WAY} bytes are being sent at once` };
    const canceled = new AbortController();
    (this.#underWay ??= new Set()).add(canceled);
    this.#bytesUnderWay += bytes;
    underWay.set(request.id, canceled);
    try {
      return await sendOutbound(request, this.#gate(depth, canceled.signal));
    } finally {
      // The body of the response may still be arriving: it ends with the work of the isolate.
      this.#underWay.delete(canceled);
      this.#bytesUnderWay -= bytes;
      underWay.delete(request.id);
    }
  }

  #gate(depth: number, signal: AbortSignal): Gate {
    const { settings, now, fetchUpstream } = this.#ctx;
    return {
      enter: (hop) => this.#enter(hop),
      fetch: fetchUpstream,
      headers: () => ({ [DEPTH_HEADER]: signDepth(settings, depth, now()) }),
      signal,
    };
  }

  #enter({ method, url }: Hop): ReturnType<Gate['enter']> {
    const at = Math.max(0, this.#ctx.now() - this.call.startedAt);
    const line: OutboundLine = { at, method, host: url.host.slice(0, 253), status: null, refused: null };
    if (this.outbound.length < MAX_LINES) this.outbound.push(line);
    const refused = this.#errorOf(url);
    if (refused !== null) {
      line.refused = refused;
      return { refused };
    }
    return {
      answered: (status) => (line.status = status),
      failed: (why) => (line.refused = why),
    };
  }

  #errorOf(url: URL): string | null {
    const { egress, limits } = this.call.definition;
    if (egress.length === 0) return 'this endpoint has no network access: its egress list is empty';
    if (++this.#sent > limits.subrequests) return `more than ${limits.subrequests} requests in one call`;
    return egressIssue(url, egress, this.#ctx.settings);
  }
}
