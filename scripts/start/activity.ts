/** A code that signs a browser in once; null when no active user has the given name. */
export interface SignInCode {
  code: string | null;
}

/** Active work of a local service, as its Worker reports it to `npm start`. */
export interface Activity {
  /** Requests, work after their responses, batches of run records and cron events. */
  busy: number;
  /** Runs of graphs. */
  graphs: number;
  /** Milliseconds since the last of them ended. */
  quietMs: number;
}
