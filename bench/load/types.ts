/** One request that is sent repeatedly, and the status that every response must have. */
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
  /** Sent at full speed before the measurement, to warm isolates and fill queues and buffers. */
  warmupMs: number;
  measureMs: number;
}

/** Results of one order. Times in milliseconds, from the last byte written to the last byte read. */
export interface Sample {
  /** Responses of the measured part, and of the whole order. */
  measured: number;
  total: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Responses with another status, by status; `error` counts lost connections and time-outs. Any of them makes the sample invalid. */
  unexpected: Record<string, number>;
}
