import { env, RpcTarget } from 'cloudflare:workers';
import { begin, count, hold, isInInvocation, note } from './ledger';
import { replace } from './meter';
import { sizeOf } from './size-of';

/* Meters calls of isolates and Durable Objects: arguments and results, and how much of them is in memory at once. */

type Call = (...args: unknown[]) => unknown;

/** Bytes that are being passed on. A buffer that several calls pass is in memory once. */
let passing = 0;
const buffers = new Map<object, number>();

function pass(value: unknown): () => void {
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  const texts = parts.filter((part) => !(part instanceof ArrayBuffer));
  const shared = parts.filter((part) => part instanceof ArrayBuffer);
  const bytes = sizeOf(texts);
  passing += bytes;
  for (const buffer of shared) {
    const users = buffers.get(buffer) ?? 0;
    if (users === 0) passing += buffer.byteLength;
    buffers.set(buffer, users + 1);
  }
  hold('memoryBytes', passing);
  note((spent) => (spent.memoryBytes = Math.max(spent.memoryBytes, passing)));
  return () => {
    passing -= bytes;
    for (const buffer of shared) {
      const users = buffers.get(buffer)! - 1;
      if (users > 0) buffers.set(buffer, users);
      else if (buffers.delete(buffer)) passing -= buffer.byteLength;
    }
  };
}

function holdMessage(value: unknown): void {
  const bytes = sizeOf(value);
  hold('rpcBytes', bytes);
  note((spent) => (spent.rpcBytes = Math.max(spent.rpcBytes, bytes)));
}

const targets = new WeakSet<object>();

/** Holds what an isolate gets from its host. */
function meterTarget(target: RpcTarget): void {
  const prototype = Object.getPrototypeOf(target) as object;
  if (targets.has(prototype)) return;
  targets.add(prototype);
  for (const name of Object.getOwnPropertyNames(prototype))
    if (name !== 'constructor')
      replace(prototype, name, (original) => (...args) => {
        const answer = original(...args);
        if (answer instanceof Promise) answer.then(holdMessage, () => undefined);
        return answer;
      });
}

/** Counts each call of a method of a stub. `began` returns what to do at the end. */
const meterStub = <T extends object>(stub: T, began: () => (() => void)[]): T =>
  new Proxy(stub, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        count('subrequests');
        holdMessage(args);
        for (const arg of args) if (arg instanceof RpcTarget) meterTarget(arg);
        const ends = [pass(args), ...began()];
        const end = (): void => ends.forEach((each) => each());
        const answer = Reflect.apply(value as Call, target, args) as Promise<unknown>;
        answer.then(
          (result) => {
            holdMessage(result);
            pass([result])();
            end();
          },
          () => end(),
        );
        return answer;
      };
    },
  });

/** Holds the code of an isolate, which stays in memory here until the isolate has it. */
function passCode({ modules, limits, globalOutbound }: WorkerLoaderWorkerCode): () => void {
  const parts = Object.values(modules).flatMap((module) =>
    typeof module === 'string' ? [module] : Object.values(module as Record<string, unknown>),
  );
  const bytes = sizeOf(parts);
  hold('isolateBytes', bytes);
  note((spent) => (spent.moduleBytes += bytes));
  // An isolate without a limit has that of the Worker, and one without an outbound its network.
  hold('isolateCpuMs', limits?.cpuMs ?? Infinity);
  if (globalOutbound !== null) throw new Error('an isolate has a network');
  return pass(parts);
}

let loaded = 0;

function meterLoader(): void {
  const loader = Object.getPrototypeOf(env.LOADER) as object;
  type Code = WorkerLoaderWorkerCode;
  const open = (worker: WorkerStub, id: string, made: () => (() => void)[]): WorkerStub => {
    note(({ isolates }) => isolates.add(id));
    const opened = worker as unknown as Record<'getEntrypoint' | 'getDurableObjectClass', Call>;
    return {
      getEntrypoint: (...args: unknown[]) =>
        meterStub(opened.getEntrypoint(...args) as object, () => {
          count('invocations');
          return [begin(id), ...made()];
        }),
      getDurableObjectClass: (...args: unknown[]) => opened.getDurableObjectClass(...args),
    } as unknown as WorkerStub;
  };
  replace(
    loader,
    'get',
    (original) =>
      ((id: string | null, makeCode: () => Code | Promise<Code>) => {
        let ends: (() => void)[] = [];
        const metered = async (): Promise<Code> => {
          const code = await makeCode();
          ends.push(passCode(code));
          return code;
        };
        const worker = (original as Call)(id, metered) as WorkerStub;
        // The first call ends after the isolate has its code.
        return open(worker, id ?? `once ${++loaded}`, () => [() => ends.splice(0).forEach((end) => end())]);
      }) as Call,
  );
  replace(
    loader,
    'load',
    (original) =>
      ((code: Code) => {
        const ends = [passCode(code)];
        const worker = (original as Call)(code) as WorkerStub;
        return open(worker, `once ${++loaded}`, () => [() => ends.splice(0).forEach((end) => end())]);
      }) as Call,
  );
}

export function meterCalls(): void {
  meterLoader();
  // Tests hand stubs of their own to the test pool, which knows only real ones.
  replace(
    Object.getPrototypeOf(env.LIMITER) as object,
    'getByName',
    (original) =>
      ((name: string) => {
        const stub = (original as Call)(name) as object;
        return isInInvocation() ? meterStub(stub, () => []) : stub;
      }) as Call,
  );
}
