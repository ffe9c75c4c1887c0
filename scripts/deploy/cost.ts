/** Cloudflare's published prices of November 2026, in dollars, and what the Workers Paid plan includes every month. */
const PLAN = 5;
const REQUESTS = { included: 10_000_000, perMillion: 0.3 };
const CPU_MS = { included: 30_000_000, perMillion: 0.02 };
const DYNAMIC_WORKER_A_DAY = 0.002;
const DYNAMIC_WORKERS_INCLUDED = 1000;

/** One call: the Worker's request and the one of the Dynamic Worker that runs the handler, and their CPU time. */
const REQUESTS_A_CALL = 2;
const CPU_MS_A_CALL = 3;
const MINUTES_A_MONTH = 30 * 24 * 60;
const ENDPOINTS = 20;

const over = (used: number, { included, perMillion }: typeof REQUESTS): number =>
  (Math.max(0, used - included) / 1_000_000) * perMillion;

/** Returns dollars a month for `perMinute` calls of 20 endpoints with `"instance": "pooled"` and `"log": "off"`. */
export function monthlyCost(perMinute: number): number {
  const calls = perMinute * MINUTES_A_MONTH;
  const dynamicWorkers = Math.max(0, ENDPOINTS * 30 - DYNAMIC_WORKERS_INCLUDED) * DYNAMIC_WORKER_A_DAY;
  return PLAN + over(calls * REQUESTS_A_CALL, REQUESTS) + over(calls * CPU_MS_A_CALL, CPU_MS) + dynamicWorkers;
}

/** Renders the costs at three loads. */
export function renderCosts(): string {
  const rows = [1, 100, 10_000].map(
    (perMinute) =>
      `  ${perMinute.toLocaleString('en').padStart(6)} calls a minute  about $${Math.ceil(monthlyCost(perMinute))} a month`,
  );
  return [
    'What it costs, by the prices that Cloudflare publishes, for pooled endpoints without run records:',
    ...rows,
    'docs/operations.md has the costs of run records, graphs and other instance modes.',
  ].join('\n');
}
