import { AsyncLocalStorage } from 'node:async_hooks';
import { PUBLISHED, type Limit, type Spent } from './published';

/** Counts what is spent: by each invocation of the Worker, which is held to the limits, and by the work of `spend`. */

const nothing = (): Spent => ({
  subrequests: 0,
  queries: 0,
  invocations: 1,
  steps: 0,
  isolates: new Set(),
  keyWrites: new Map(),
  rpcBytes: 0,
  memoryBytes: 0,
  moduleBytes: 0,
});
let spent = nothing();
let beyond: string[] = [];
const invocations = new AsyncLocalStorage<Spent & { atWork: Map<string, number> }>();

/** Performs `work`, and returns what the Worker spent in that time: nothing else may be at work. */
export async function spend(work: () => Promise<unknown>): Promise<Spent> {
  spent = nothing();
  await work();
  return spent;
}

/** Performs `work` as an invocation of the Worker. */
export const asInvocation = <T>(work: () => T): T => invocations.run({ ...nothing(), atWork: new Map() }, work);

/** Returns `work` that counts for the invocation of the caller, also when another one calls it. */
export const inThisInvocation = <Args extends unknown[], T>(work: (...args: Args) => T): ((...args: Args) => T) =>
  AsyncLocalStorage.bind(work);

/** False for work of a test itself. */
export const isInInvocation = (): boolean => invocations.getStore() !== undefined;

/** Notes a value that is beyond a limit. */
export function hold(limit: Limit, value: number): void {
  const { max, unit, page } = PUBLISHED[limit];
  if (value > max) beyond.push(`${value} ${unit} (at most ${max}: ${page})`);
}

type Counter = 'subrequests' | 'queries' | 'invocations' | 'steps';

/** Adds to what is spent. An invocation is noted once, when it passes a limit. */
export function count(counter: Counter, by = 1): void {
  spent[counter] += by;
  const own = invocations.getStore();
  if (own === undefined) return;
  const { max } = PUBLISHED[counter];
  const before = own[counter];
  own[counter] += by;
  if (before <= max) hold(counter, own[counter]);
}

/** Notes something else of what is spent. */
export function note(change: (spent: Spent) => void): void {
  change(spent);
  const own = invocations.getStore();
  if (own !== undefined) change(own);
}

/** Notes that an isolate works for the invocation of the caller. Returns how to note its end. */
export function begin(isolate: string): () => void {
  const atWork = invocations.getStore()?.atWork ?? new Map<string, number>();
  atWork.set(isolate, (atWork.get(isolate) ?? 0) + 1);
  hold('isolatesAtOnce', atWork.size);
  return () => {
    const left = atWork.get(isolate)! - 1;
    if (left === 0) atWork.delete(isolate);
    else atWork.set(isolate, left);
  };
}

/** Clears what was noted, and returns it. */
export function takeBeyond(): string[] {
  const found = beyond;
  beyond = [];
  return found;
}
