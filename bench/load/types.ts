/** One request that is sent again and again, and the status that every answer must have. */
export interface Target {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string;
  status: number;
}

export interface LoadOrder {
  target: Target;
  connections: number;
  /** Sent at full speed before anything is counted: isolates get warm, queues and buffers fill. */
  warmupMs: number;
  measureMs: number;
}

/** Results of one order. Times in milliseconds, from the last byte written to the last byte read. */
export interface Sample {
  /** Answers of the measured part, and of the whole order. */
  measured: number;
  total: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Answers with another status, by status; `error` counts lost connections and time-outs. Anything here makes the sample worthless. */
  unexpected: Record<string, number>;
}
