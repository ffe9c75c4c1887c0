export const TIMED_OUT = Symbol('timed out');

/**
 * Resolves to the result of `work`, or to TIMED_OUT after `ms`. Does not cancel `work`. Rejects as `work` does. Every call of a handler comes
 * here: one promise and no frame of its own.
 */
export function withTimeout<T>(work: Promise<T>, ms: number): Promise<T | typeof TIMED_OUT> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms, TIMED_OUT);
    work.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (error: Error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
