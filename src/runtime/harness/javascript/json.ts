/*
 * Captured before any user code runs: a handler that replaces JSON or a prototype breaks at most its own results.
 */
export const { parse, stringify } = JSON;
