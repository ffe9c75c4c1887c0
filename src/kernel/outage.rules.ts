/** Codes of SQLite and D1 for an invalid statement or a violated constraint: a retry cannot help. */
const STATEMENT =
  /SQLITE_(ERROR|CONSTRAINT|MISMATCH|RANGE|TOOBIG|MISUSE|AUTH)|D1_(TYPE_ERROR|COLUMN_NOTFOUND|EXEC_ERROR)/;
/** D1 has one of these in each of its errors, and locally SQLite's own code. */
const DATABASE = /\bD1_|\bD1 DB\b|SQLITE_/;
/** Missing tables mean a database before its migrations, or during a restore. */
const NOT_READY = /no such table/;
/** Messages of KV and R2 for a failure of their own, and of workerd for one beneath any of its stores. */
const OTHER_STORES = /^KV (GET|PUT|DELETE) failed|\(10001\)$|^internal error; reference|^Network connection lost/;
/** The beginning of drizzle's errors. They quote the statement with its values, which may contain any text. */
const QUOTES_STATEMENT = /^Failed query: /;

/**
 * True when the error is that a store of the platform is unavailable, not that a statement is wrong. D1 puts its prefix on
 * its own error and none on its cause, so the first error of the chain that names a store decides.
 */
export function isOutage(error: unknown): boolean {
  for (let link = error; link instanceof Error; link = link.cause) {
    const { retryable, overloaded, message } = link as Error & { retryable?: unknown; overloaded?: unknown };
    if (retryable === true || overloaded === true) return true;
    if (QUOTES_STATEMENT.test(message)) continue;
    if (OTHER_STORES.test(message)) return true;
    if (DATABASE.test(message)) return NOT_READY.test(message) || !STATEMENT.test(message);
  }
  return false;
}
