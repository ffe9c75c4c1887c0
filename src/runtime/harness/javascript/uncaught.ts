/*
 * Failures that no code of the handler handles: rejections of promises that it did not wait for, errors in timers and in microtasks.
 * They change nothing about an answer, and must not get lost.
 */

/** The platform's own, whatever a handler puts in its place. */
export const setTimer = globalThis.setTimeout;

/** Resolves when the platform has told of everything that went wrong until now. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => void setTimer(resolve, 0));

/** Takes what went wrong, in words, and the error. */
export type Note = (what: string, error: unknown) => void;

export function captureUncaught(note: Note): void {
  const scope = globalThis as unknown as EventTarget;
  scope.addEventListener('unhandledrejection', (event) =>
    note('A promise was rejected, and nothing waited for it', (event as PromiseRejectionEvent).reason),
  );
  scope.addEventListener('error', (event) => {
    const { error, message } = event as ErrorEvent;
    note('An error was not caught', error ?? message);
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

type Callback = (this: unknown, ...values: unknown[]) => unknown;

/** The platform has no event for an error in a timer: it would be lost. */
const guard = (name: string, callback: Callback, note: Note): Callback =>
  function (...values) {
    try {
      return callback.apply(this, values);
    } catch (error) {
      return note(`An error was thrown in ${name}`, error);
    }
  };
