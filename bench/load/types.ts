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
  /** Sent at full speed before the measurement, to warm isolates and fill buffers. */
  warmupMs: number;
  measureMs: number;
}

/** Responses of one order as they came: latencies in milliseconds of the measured part, and counts of the whole order. */
export interface Measured {
  latencies: number[];
  total: number;
  /** Responses with another status, by status. Any of them makes the sample invalid. */
  unexpected: Record<string, number>;
}

/** Results of one order. Times in milliseconds, from the request written to the last byte read. */
export interface Sample extends Omit<Measured, 'latencies'> {
  /** Responses of the measured part. */
  measured: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Processor time of the load generator, all threads. */
  cpuMs: number;
}
