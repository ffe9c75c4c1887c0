/**
 * The runs of graphs, one per graph, each independent until it has finished. A run has parts, counted from 1: each is an invocation, with what
 * the platform allows one of them.
 */
export interface GraphRuns {
  /**
   * Starts the run of an approved graph. `origin` is the prefix of links. Throws when a run exists, and 429 where more runs start at this
   * moment than the platform takes.
   */
  start: (graphId: string, origin: string) => Promise<void>;
  /** Starts a further part. Returns false when it exists. */
  startPart: (graphId: string, part: number, origin: string) => Promise<boolean>;
  /** Ends a part at once, with all its nodes in flight. Never throws. */
  stop: (graphId: string, part: number) => Promise<void>;
  /** Restarts a part in any state. Nodes that have ended do not run again. Throws when it does not exist. */
  resume: (graphId: string, part: number) => Promise<void>;
  /** Returns true when a part exists that has not ended. Throws when the platform does not answer. */
  isRunning: (graphId: string, part: number) => Promise<boolean>;
}
