/** The runs of graphs, one per graph, each independent until it has finished. */
export interface GraphRuns {
  /** Starts the run of an approved graph. `origin` is the prefix of links. Throws when a run exists. */
  start: (graphId: string, origin: string) => Promise<void>;
  /** Ends the run at once, with all its nodes in flight. Never throws. */
  stop: (graphId: string) => Promise<void>;
  /** Restarts the run in any state. Nodes that have ended do not run again. Throws when no run exists. */
  resume: (graphId: string) => Promise<void>;
  /** Returns true when a run exists that has not ended. Throws when the platform does not answer. */
  isRunning: (graphId: string) => Promise<boolean>;
}
