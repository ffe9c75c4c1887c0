/**
 * The load generator: a process of its own, so that neither the server's nor the bench's event loop delays a request.
 * Receives orders over IPC and returns a Sample for each. autocannon's own histogram counts whole milliseconds, as long as a response takes
 * here, so latencies are kept as measured.
 */
import autocannon from 'autocannon';
import type { LoadOrder, Sample } from './types.ts';

function fire({ target, connections, warmupMs, measureMs }: LoadOrder): Promise<Sample> {
  return new Promise((resolve, reject) => {
    const latencies: number[] = [];
    const unexpected: Record<string, number> = {};
    const count = (what: string): void => void (unexpected[what] = (unexpected[what] ?? 0) + 1);
    const from = performance.now() + warmupMs;
    const until = from + measureMs;
    let total = 0;
    const instance = autocannon(
      {
        url: target.url,
        method: target.method,
        headers: target.headers,
        ...(target.body === undefined ? {} : { body: target.body }),
        connections,
        duration: (warmupMs + measureMs + 50) / 1000,
        sampleInt: 50,
      },
      (error) => (error ? reject(error) : resolve(toSample(latencies, total, measureMs, unexpected))),
    );
    instance.on('response', (_client, status, _bytes, ms) => {
      total++;
      if (status !== target.status) count(String(status));
      const now = performance.now();
      if (now >= from && now < until) latencies.push(ms);
    });
    instance.on('reqError', () => count('error'));
  });
}

function toSample(latencies: number[], total: number, measureMs: number, unexpected: Record<string, number>): Sample {
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return {
    measured: sorted.length,
    total,
    perSecond: (sorted.length / measureMs) * 1000,
    p50: at(0.5),
    p99: at(0.99),
    unexpected,
  };
}

process.on('message', (order: LoadOrder) => {
  fire(order).then(
    (sample) => process.send!({ sample }),
    (error: unknown) => process.send!({ error: String(error) }),
  );
});
