/** A row that could not be measured: the others of its heat were. */
export interface Failure {
  title: string;
  reason: string;
}

/** Returns the first line of the message of an error, for a table. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!.slice(0, 300);
