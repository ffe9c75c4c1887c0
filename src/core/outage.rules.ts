/** Codes of SQLite and D1 for a statement that is wrong or breaks a constraint: trying it again cannot help. */
const STATEMENT =
  /SQLITE_(ERROR|CONSTRAINT|MISMATCH|RANGE|TOOBIG|MISUSE|AUTH)|D1_(TYPE_ERROR|COLUMN_NOTFOUND|EXEC_ERROR)/;
/** D1 writes one of these into each of its errors, and locally SQLite's own code. */
const DATABASE = /\bD1_|\bD1 DB\b|SQLITE_/;
/** Tables that are missing are a database before its migrations, or in the middle of a restore. */
const NOT_READY = /no such table/;
/** What KV and R2 answer for a failure of their own. */
const OTHER_STORES = /^KV (GET|PUT|DELETE) failed|\(10001\)$/;

/**
 * Does this error say that a store of the platform cannot answer now, rather than that Portico asked it something wrong? Looks at the
 * innermost cause: what is around it quotes the statement with its values.
 */
export function isOutage(error: unknown): boolean {
  let inner = error;
  while (inner instanceof Error) {
    const { retryable, overloaded } = inner as Error & { retryable?: unknown; overloaded?: unknown };
    if (retryable === true || overloaded === true) return true;
    if (!(inner.cause instanceof Error)) break;
    inner = inner.cause;
  }
  if (!(inner instanceof Error)) return false;
  const { message } = inner;
  if (OTHER_STORES.test(message)) return true;
  return DATABASE.test(message) && (NOT_READY.test(message) || !STATEMENT.test(message));
}
