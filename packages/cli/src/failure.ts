/** Exit codes of every command. */
export const EXIT = {
  done: 0,
  failed: 1,
  /** There are differences: `status`, `plan`, `diff`. */
  differs: 2,
  /** A conflict, changes made in the service, or a folder that is behind. */
  conflict: 3,
  /** Data, a secret or a key would be lost. */
  loss: 4,
  denied: 5,
  away: 6,
  usage: 64,
} as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** A failure that the user can act on: its message is printed without a stack. */
export class Failure extends Error {
  readonly exit: Exit;
  constructor(message: string, exit: Exit = EXIT.failed) {
    super(message);
    this.exit = exit;
  }
}
