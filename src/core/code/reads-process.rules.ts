import type { Artifact } from './artifact';

/** The name of Node's `process`, and what can reach a global by a name that is put together. */
const NAMES = /process|\b(?:globalThis|global|self|eval|Function)\b|\\u/;

/**
 * Checks whether JavaScript may read Node's `process`. The platform takes 3 ms to make it, of the 10 ms in which an isolate starts, so code
 * without these names gets one that has `nextTick`, `env`, `exit`, `platform` and `features` only. Libraries look for more of it.
 */
export const mayReadProcess = ({ code, libraries }: Pick<Artifact, 'code' | 'libraries'>): boolean =>
  libraries.length > 0 || NAMES.test(code);
