import type { Problem } from './problem';

/*
 * Between a call that found its session over and the form that asks the user to sign in again. The call waits here; the form is drawn over
 * the screen, which stays as it is.
 */

interface Waiting {
  promise: Promise<void>;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

let waiting: Waiting | null = null;
const listeners = new Set<() => void>();
const tell = (): void => listeners.forEach((listener) => listener());

export const isSessionOver = ({ status, code }: Problem): boolean =>
  status === 401 && (code === 'auth_required' || code === 'invalid_token');

/** Resolves when the user has signed in again. Rejects with `problem` when they leave instead. */
export async function renewSession(problem: Problem): Promise<void> {
  if (waiting === null) {
    waiting = Promise.withResolvers<void>();
    tell();
  }
  try {
    await waiting.promise;
  } catch {
    throw problem;
  }
}

export const sessionGate = {
  /** True while calls wait for the user to sign in again. */
  isClosed: (): boolean => waiting !== null,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** Lets the waiting calls go on, or fail. */
  open: (isSignedIn: boolean): void => {
    const before = waiting;
    waiting = null;
    if (isSignedIn) before?.resolve();
    else before?.reject(null);
    tell();
  },
};
