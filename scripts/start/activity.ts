/** What is under way in a local service, as its Worker tells `npm start`. */
export interface Activity {
  /** Requests, work after their answers, batches of run records and cron events. */
  busy: number;
  /** Runs of graphs. */
  graphs: number;
  /** Milliseconds since the last of them ended. */
  quietMs: number;
}
