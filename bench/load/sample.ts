import { quantile } from '../report/statistics.ts';
import type { Measured, Sample } from './types.ts';

/** Sums up an order. `cpuMs`: processor time of the load generator. */
export function toSample({ latencies, total, unexpected }: Measured, measureMs: number, cpuMs: number): Sample {
  const ascending = Float64Array.from(latencies).sort();
  return {
    measured: ascending.length,
    total,
    perSecond: (ascending.length / measureMs) * 1000,
    p50: quantile(ascending, 0.5),
    p99: quantile(ascending, 0.99),
    unexpected,
    cpuMs,
  };
}
