import javaScriptVersion from '../../dist/harness/version.txt';
import { NO_REPORT } from '../core/code/no-report';
import { isOutage } from '../kernel/outage.rules';
import { isUntypedStream, withoutEmptyStream } from './empty-stream';
import { isEnvelope, readReport, toOutcome } from './envelope';
import { overdue } from './harness/late-work';
import { NEED_HOST } from './harness/need-host';
import { PENDING_HEADER } from './harness/pending-header';
import { workerCode, type IsolateStub } from './isolate';
import { prepareJavaScript } from './languages/javascript';
import { isOversized, isTooLong, packMeta, RETURNED_TOO_LONG, SENT_TOO_LONG } from './message';
import type { SharedInstance } from './shared-instance';
import { NEED_BUNDLE, REPLACED } from './shared-protocol';
import type {
  Bundle,
  HandlerError,
  InstancePlan,
  Invocation,
  Outcome,
  Report,
  Runtime,
  Drain,
  CallHost,
  OutboundAnswer,
  Peek,
} from './types';
import type { PythonStore } from './languages/python-assets';
import { preparePython } from './languages/python-check';
import { readPackageSets, type ListSets } from './languages/python-packages';
import { pythonVersion } from './languages/python';
import { prepareTypeScript } from './languages/typescript';
import { boundedMap } from '../kernel/bounded-map';
import { TIMED_OUT, withTimeout } from './with-timeout';
import { RpcTarget } from 'cloudflare:workers';

type RuntimeEnv = PythonStore & { LOADER: WorkerLoader; INSTANCE: DurableObjectNamespace<SharedInstance> };
/** The target of a call: `call` starts it, `drain` fetches its report later. */
interface HandlerStub {
  call: (invocation: Invocation) => Promise<unknown>;
  drain: (callId: string, lateWorkMs: number) => Promise<unknown>;
  peek: (run: string) => Promise<unknown>;
}

/**
 * Milliseconds that work may continue after the response. The platform allows a request 30 s of waitUntil in all, and the run record is
 * made and sent after this.
 */
const LATE_WORK_MS = 25_000;
/** An isolate enforces that limit by its own clock and reports its logs. One that computes without a pause cannot. */
const GRACE_MS = 1000;

/** Runs handlers. Knows isolates, not endpoints: its callers decide on access and on the response. */
export const createRuntime = (
  env: RuntimeEnv,
  uploadedSets: ListSets = async () => [],
  lateWorkMs = LATE_WORK_MS,
): Runtime => ({
  harnessVersion: (runtime) => (runtime === 'python' ? pythonVersion : javaScriptVersion),
  packageSets: () => readPackageSets(env, uploadedSets),
  prepare: async (language, source, path, modules) => {
    switch (language) {
      case 'javascript':
        return prepareJavaScript(source);
      case 'bundle':
        return prepareJavaScript(source, true);
      case 'typescript':
        return prepareTypeScript(source);
      case 'python':
        return preparePython({ source, modules, file: modules ? path : fileName(path) }, env, uploadedSets);
    }
  },
  discard: (name) => env.INSTANCE.getByName(name).discard(),
  invoke: async (bundle, plan, invocation, timeoutMs) => {
    let stub: HandlerStub | null = null;
    let answer: unknown;
    try {
      const opened = openStub(env, bundle, plan);
      // Only Python is awaited, and only per call: the other runtimes lose no turn of the event loop.
      stub = opened instanceof Promise ? await opened : opened;
      invocation.follow?.(peekOf(stub, bundle, invocation));
      const calledAt = Date.now();
      answer = await withTimeout(stub.call(invocation), timeoutMs);
      if (isUntypedStream(answer))
        answer = await withoutEmptyStream(answer, Math.max(1, calledAt + timeoutMs - Date.now()));
    } catch (error) {
      if (hasHung(error)) return outOfTime(stub, invocation, true);
      if (isTooLong(error)) return tooLong(isOversized(invocation));
      const isAway = plan.mode === 'shared' && isOutage(error);
      return { cold: false, report: NO_REPORT, drain: null, kind: 'failed', error: outerError(error), isAway };
    }
    const outcome = answer === TIMED_OUT ? outOfTime(stub, invocation) : readAnswer(answer, stub, lateWorkMs);
    return bundle.artifact.workflow ? outcome : withoutSteps(outcome);
  },
});

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function openStub(env: RuntimeEnv, bundle: Bundle, plan: InstancePlan): HandlerStub | Promise<HandlerStub> {
  switch (plan.mode) {
    case 'shared':
      return sharedStub(env.INSTANCE.getByName(plan.name), bundle);
    case 'pooled':
      return isolateStub((id) => env.LOADER.get(id, () => workerCode(bundle, env)), bundle);
    case 'per-call': {
      const code = workerCode(bundle, env, true);
      return code instanceof Promise
        ? code.then((made) => isolateStub(() => env.LOADER.load(made), bundle))
        : isolateStub(() => env.LOADER.load(code), bundle);
    }
  }
}

/** Bundles whose code was not expected to ask its host, and did: their next calls get it at once. */
const asking = boundedMap<true>(1000);

/** Returns the id of the isolate in which such code gets its host: its first attempts may wait in the other one for what never comes. */
const withHost = (id: string): string => `${id}|host`;

function isolateStub(start: (id: string) => WorkerStub, { id, asksHost }: Bundle): HandlerStub {
  const open = (name: string): Fetcher<IsolateStub & Rpc.WorkerEntrypointBranded> => start(name).getEntrypoint();
  const hasAsked = !asksHost && asking.get(id) === true;
  let entry = open(hasAsked ? withHost(id) : id);
  return {
    call: (invocation) => {
      const { body, files, host } = invocation;
      const callWith = (target: HostTarget | undefined): Promise<unknown> =>
        entry.call(packMeta(invocation), body, files, target);
      if (asksHost || hasAsked) return callWith(new HostTarget(host()));
      return callWith(undefined).then((answer) => {
        if (answer !== NEED_HOST) return answer;
        asking.set(id, true);
        entry = open(withHost(id));
        return callWith(new HostTarget(host()));
      });
    },
    drain: (callId, lateWorkMs) => entry.drain(callId, lateWorkMs),
    peek: (run) => entry.peek(run),
  };
}

/** Sends the code only when the instance asks for it: most calls find the instance running. */
function sharedStub(instance: DurableObjectStub<SharedInstance>, bundle: Bundle): HandlerStub {
  const wanted = { id: bundle.id, generation: bundle.generation, asOf: bundle.asOf };
  return {
    call: async (invocation) => {
      const { body, files, host } = invocation;
      const target = new HostTarget(host());
      const packed = packMeta(invocation);
      const answer: unknown = await instance.call(wanted, packed, body, files, target);
      return answer === NEED_BUNDLE ? instance.call(wanted, packed, body, files, target, bundle) : answer;
    },
    drain: (callId, lateWorkMs) => instance.drain(callId, lateWorkMs),
    peek: (run) => instance.peek(run),
  };
}

function readAnswer(answer: unknown, stub: HandlerStub, lateWorkMs: number): Outcome {
  const base = { cold: false, report: NO_REPORT, drain: null };
  if (answer === REPLACED) return { ...base, kind: 'replaced' };
  if (isEnvelope(answer)) {
    const outcome = toOutcome(answer);
    const { pending, report } = outcome;
    return pending === null ? outcome : { ...outcome, drain: draining(stub, pending, lateWorkMs, report) };
  }
  if (answer instanceof Response) {
    const [pending, cold] = (answer.headers.get(PENDING_HEADER) ?? '').split(' ');
    return {
      ...base,
      cold: cold === 'cold',
      drain: pending ? draining(stub, pending, lateWorkMs, base.report) : null,
      kind: 'response',
      response: answer,
    };
  }
  return { ...base, kind: 'bad', reason: 'the isolate returned an unknown format' };
}

function ownReport(report: Report): Report {
  const { steps, lateError } = report;
  return steps.length === 0 && lateError?.step === undefined
    ? report
    : { ...report, steps: [], lateError: lateError && ownError(lateError) };
}

const ownError = ({ step: _step, ...error }: HandlerError): HandlerError => error;

/** Only a workflow reports steps: the code of any other handler could forge them, and its errors may have a `step` of their own. */
function withoutSteps(outcome: Outcome): Outcome {
  const { report, drain } = outcome;
  if (outcome.kind === 'text' && report === NO_REPORT && drain === null) return outcome;
  const own = { ...outcome, report: ownReport(report), drain: drain && (async () => ownReport(await drain())) };
  return own.kind === 'failed' ? { ...own, error: ownError(own.error) } : own;
}

const peekOf =
  (stub: HandlerStub, { artifact }: Bundle, { run }: Invocation): Peek =>
  async () => {
    const answer = await stub.peek(run);
    const report = typeof answer === 'string' ? readReport(answer) : NO_REPORT;
    return artifact.workflow ? report : ownReport(report);
  };

/** `known` is the report that came with the response: the result when the isolate does not report again. */
const draining =
  (stub: HandlerStub, callId: string, lateWorkMs: number, known: Report): Drain =>
  async () => {
    let answer: unknown;
    try {
      answer = await withTimeout(stub.drain(callId, lateWorkMs), lateWorkMs + GRACE_MS);
    } catch (error) {
      const { message, ...lost } = outerError(error);
      return { ...known, lateError: { ...lost, message: `the work after the response was lost: ${message}` } };
    }
    if (answer === TIMED_OUT) return { ...known, lateError: overdue(lateWorkMs) };
    // An isolate that was replaced since has nothing to report.
    return typeof answer === 'string' && answer !== '{}' ? readReport(answer) : known;
  };

/** Milliseconds that a call past its time limit has to report its logs. One that computes without end never does. */
const REPORT_TIMEOUT_MS = 1000;

/**
 * Builds the outcome of a call without a response in time, whatever the isolate returns later. Its logs until then are still in the isolate
 * and are fetched after the caller has its response, so calls that respond in time wait for nothing here.
 */
const outOfTime = (stub: HandlerStub | null, invocation: Invocation, isHung = false): Outcome => ({
  cold: false,
  report: NO_REPORT,
  drain: partialReport(stub, invocation),
  kind: 'timeout',
  isHung,
});

function partialReport(stub: HandlerStub | null, { run }: Invocation): Drain | null {
  if (stub === null) return null;
  return async () => {
    const answer = await withTimeout(stub.drain(run, 0), REPORT_TIMEOUT_MS).catch(() => null);
    return typeof answer === 'string' ? { ...readReport(answer), lateError: null } : NO_REPORT;
  };
}

/**
 * workerd ends a call that waits for an event that can no longer happen, before its time limit. workerd gives this error no code, so match
 * its message. A handler that throws the same text does not come this way: the isolate catches its errors.
 */
const hasHung = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('had hung and would never generate a response');

const tooLong = (isSent: boolean): Outcome => ({
  cold: false,
  report: NO_REPORT,
  drain: null,
  kind: 'bad',
  reason: isSent ? SENT_TOO_LONG : RETURNED_TOO_LONG,
  isOversized: isSent,
});

/** Converts an error that the platform throws around user code: limits, a lost isolate. Drops the stack, which is Portico's. */
function outerError(error: unknown): HandlerError {
  const message = error instanceof Error ? error.message : 'the isolate did not respond';
  return { name: error instanceof Error ? error.name : 'Error', message: message.slice(0, 4096), stack: '' };
}

/** A CallHost as an RPC target: the isolate can call these three methods and nothing else. */
class HostTarget extends RpcTarget implements CallHost {
  readonly #host: CallHost;

  constructor(host: CallHost) {
    super();
    this.#host = host;
  }
  send(op: unknown, args: unknown): Promise<string> {
    return this.#host.send(op, args);
  }
  fetch(request: unknown): Promise<OutboundAnswer> {
    return this.#host.fetch(request);
  }
  cancel(id: unknown): void {
    this.#host.cancel(id);
  }
}
