/** Causes of causes that a line of the log has. */
const MOST_CAUSES = 5;

/** Returns an error with its stack and its causes, for a line of the log: a query that failed has its reason in its cause. */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  let inner = error;
  for (let i = 0; i <= MOST_CAUSES && inner !== undefined; i++) {
    parts.push(inner instanceof Error ? (inner.stack ?? String(inner)) : String(inner));
    inner = inner instanceof Error ? inner.cause : undefined;
  }
  return parts.join('\ncaused by: ');
}
