/*
 * Failures that the handler does not catch: rejections of promises that it did not await, errors in timers and in microtasks. They do not
 * change the result, and must not get lost.
 */

/** The platform's own, in case a handler replaces it. */
export const setTimer = globalThis.setTimeout;

const NativeResponse = Response;

/**
 * Resolves when the platform has reported all failures so far: after one turn of the event loop. A timer takes one too, but none ends before
 * the next millisecond, and every first call waits here.
 */
export async function nextTurn(): Promise<void> {
  await new NativeResponse('').text();
}

/** Receives a description of a failure, and the error. */
export type Note = (what: string, error: unknown) => void;

export function captureUncaught(note: Note): void {
  const scope = globalThis as unknown as EventTarget;
  scope.addEventListener('unhandledrejection', (event) =>
    note('Unhandled promise rejection', (event as PromiseRejectionEvent).reason),
  );
  scope.addEventListener('error', (event) => {
    const { error, message } = event as ErrorEvent;
    note('Uncaught error', error ?? message);
  });
  for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const) {
    const real = globalThis[name] as ((callback: unknown, ...rest: unknown[]) => unknown) | undefined;
    if (real === undefined) continue;
    const { [name]: guarded } = {
      [name]: (callback: unknown, ...rest: unknown[]): unknown =>
        real(typeof callback === 'function' ? guard(name, callback as Callback, note) : callback, ...rest),
    };
    Object.assign(globalThis, { [name]: guarded });
  }
}

/**
 * Replaces the signal that times out: the platform calls its listeners outside of any call, so that their requests, logs and failures would
 * belong to none.
 */
export function provideTimeouts(): void {
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    setTimer(() => controller.abort(new DOMException(TIMED_OUT, 'TimeoutError')), ms);
    return controller.signal;
  };
}

/** As the platform says it. */
const TIMED_OUT = 'The operation was aborted due to timeout';

type Callback = (this: unknown, ...values: unknown[]) => unknown;

/** The platform has no event for an error in a timer: without this it would be lost. */
const guard = (name: string, callback: Callback, note: Note): Callback =>
  function (...values) {
    try {
      return callback.apply(this, values);
    } catch (error) {
      return note(`An error was thrown in ${name}`, error);
    }
  };
