interface Price {
  /** Units a month that the Workers Paid plan includes. */
  included: number;
  /** Dollars for each million more. */
  perMillion: number;
}

/** Prices that Cloudflare published in November 2026. docs/operations.md explains each. */
const PLAN = 5;
const REQUESTS: Price = { included: 10_000_000, perMillion: 0.3 };
const CPU_MS: Price = { included: 30_000_000, perMillion: 0.02 };
const OBJECT_REQUESTS: Price = { included: 1_000_000, perMillion: 0.15 };
const OBJECT_ROWS: Price = { included: 50_000_000, perMillion: 1 };
const OBJECT_MB: Price = { included: 5000, perMillion: 200 };

const MINUTES_A_MONTH = 30 * 24 * 60;
/** A call of a pooled endpoint: the request to the Worker, and the one to the Dynamic Worker that runs the handler. */
const REQUESTS_A_CALL = 2;
const CPU_MS_A_CALL = 3;
/** Isolates that serve a busy service, each with two batches of runs a second. A call that is alone in its half second is a batch. */
const MAX_BATCHES_A_MINUTE = 10 * 120;
/** Rows of small batches, which the object of a day gathers for a quarter of a second. Batches of 50 runs and more are rare at these loads. */
const MAX_ROWS_A_MINUTE = 240;
/** A stored run of 1 KB, deflated. RUN_LOG_GB bounds all of them. */
const BYTES_A_RUN = 250;
const MAX_LOG_MB = 100_000;

const cost = (units: number, { included, perMillion }: Price): number =>
  (Math.max(0, units - included) / 1_000_000) * perMillion;

/** Returns dollars a month for calls of pooled endpoints with `"log": "full"`, whose runs are kept 30 days. */
export function monthlyCost(callsPerMinute: number): number {
  const calls = callsPerMinute * MINUTES_A_MONTH;
  const batches = Math.min(callsPerMinute, MAX_BATCHES_A_MINUTE) * MINUTES_A_MONTH;
  const rows = Math.min(callsPerMinute, MAX_ROWS_A_MINUTE) * MINUTES_A_MONTH;
  const logMb = Math.min((calls * BYTES_A_RUN) / 1_000_000, MAX_LOG_MB);
  return (
    PLAN +
    cost(calls * REQUESTS_A_CALL, REQUESTS) +
    cost(calls * CPU_MS_A_CALL, CPU_MS) +
    cost(batches, OBJECT_REQUESTS) +
    cost(rows, OBJECT_ROWS) +
    cost(logMb, OBJECT_MB)
  );
}

const LOADS = [1, 100, 10_000];

/** Renders the costs at three loads, in whole dollars. */
export function renderCosts(): string {
  const rows = LOADS.map((load) => {
    const calls = load.toLocaleString('en').padStart(6);
    return `  ${calls} calls a minute  about $${Math.ceil(monthlyCost(load))} a month`;
  });
  return [
    'By the prices that Cloudflare publishes, it costs, for pooled endpoints that use 3 ms of CPU a call:',
    ...rows,
    'docs/operations.md has the costs of graphs, rate limits and other instance modes.',
  ].join('\n');
}
