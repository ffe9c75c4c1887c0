/** The runs of graphs, one per graph, each going on by itself until it has finished. */
export interface GraphRuns {
  /** Begins the run of an approved graph. `origin` is what links begin with. Throws when there is one already. */
  start: (graphId: string, origin: string) => Promise<void>;
  /** Ends the run where it is. What it has in flight goes away with it. Never throws. */
  stop: (graphId: string) => Promise<void>;
  /** Restarts the run, whatever it is doing. Nodes that have ended are not run again. Throws when there is none. */
  resume: (graphId: string) => Promise<void>;
  /** Is there a run that has not ended? */
  isRunning: (graphId: string) => Promise<boolean>;
}
