import type { Portico } from '../service/portico.ts';
import type { SeedOrder } from '../service/seed-order.ts';
import type { Served } from '../service/serve.ts';

export const RUNS = 100_000;
export const LINES = 4000;
export const NODES = 200;
export const STEPS = 200;
/** Bytes of the logs of a run with STEPS steps. */
const LOG_BYTES = 65_536;
const DAY_MS = 86_400_000;
const PER_REQUEST = 10_000;
/** Runs with many steps. Each is opened once: the console keeps what it has read. */
const LONG_RUNS = 5;

/** Ids of what the screens show. */
export interface Filled {
  endpointId: string;
  /** Path of an endpoint that anybody may call. */
  openPath: string;
  longHandlerId: string;
  longRunIds: string[];
  graphId: string;
}

/** Publishes what the screens show: endpoints, a long source, runs with many steps, a large graph, and the runs of a day. */
export async function fill({ seed }: Served, portico: Portico): Promise<Filled> {
  const handler = await publish(portico, 'bench-open', 'js', 'export default () => ({ ok: true });');
  const long = await publish(portico, 'bench-long', 'js', longSource());
  const steps = await publish(portico, 'bench-steps', 'workflow.json', JSON.stringify(longWorkflow()));
  const endpoints = [handler, long, steps].map(({ endpointId, path }) => ({ id: endpointId, path }));
  await seedRuns(seed!, endpoints);
  // After the runs of the day: a log has its runs nearly in the order of their starts.
  const longRunIds: string[] = [];
  for (let one = 0; one < LONG_RUNS; one++) {
    const { run } = await portico.request<{ run: { id: string } }>(
      'POST',
      `/admin/endpoints/${steps.endpointId}/test`,
      {},
    );
    longRunIds.push(run.id);
  }
  return {
    endpointId: handler.endpointId,
    openPath: handler.path,
    longHandlerId: long.handlerId,
    longRunIds,
    graphId: await makeGraph(portico),
  };
}

async function publish(portico: Portico, path: string, ending: string, source: string) {
  const file = `bench/${path}.${ending}`;
  const { id: handlerId } = await portico.request<{ id: string }>('POST', '/admin/handlers', { path: file, source });
  const body = { path, handler: { path: file }, access: { level: 'public' } };
  const { id: endpointId } = await portico.request<{ id: string }>('POST', '/admin/endpoints', body);
  return { path, handlerId, endpointId };
}

const longSource = (): string =>
  [
    'export default ({ amount }, ctx) => {',
    ...Array.from(
      { length: LINES - 2 },
      (_, line) => `  const step${line} = amount * ${line} + '${'x'.repeat(line % 40)}'.length;`,
    ),
    '};',
  ].join('\n');

/** Logs half of its texts in each step: input and output of the step are kept as well. */
const longWorkflow = (): object => ({
  kind: 'workflow',
  steps: Array.from({ length: STEPS }, (_, step) => ({
    id: `step${step}`,
    do: 'log',
    message: `${step} `.padEnd(Math.floor(LOG_BYTES / STEPS), '.'),
  })),
});

/** Writes runs of the last 24 hours through the run log's own port. */
async function seedRuns(address: string, endpoints: SeedOrder['endpoints']): Promise<void> {
  const until = Date.now();
  const at = (number: number): number => until - DAY_MS + (DAY_MS * number) / RUNS;
  for (let first = 0; first < RUNS; first += PER_REQUEST) {
    const order: SeedOrder = {
      ...{ count: PER_REQUEST, batch: 100, endpoints },
      from: at(first),
      until: at(first + PER_REQUEST),
    };
    const response = await fetch(address, { method: 'POST', body: JSON.stringify(order) });
    if (!response.ok) throw new Error(`the runs were not written: ${await response.text()}`);
  }
}

interface Operation {
  id: string;
  document: object;
}

/** Makes a draft of NODES nodes in rows of ten, each with a link from the one before. Returns its id. */
async function makeGraph(portico: Portico): Promise<string> {
  const made = await portico.request<Operation>('POST', '/admin/operations', { document: OPERATION });
  const { id, document } = await portico.request<Operation>('POST', `/admin/operations/${made.id}/approve`, {});
  const idOf = (at: number): string => at.toString(16).padStart(24, '5d27b8dd50e56dbbce06');
  const nodes = Array.from({ length: NODES }, (_, at) => ({
    ...document,
    _id: idOf(at),
    parent_node: id,
    inputs: [{ ...INPUT, values: at === 0 ? [] : [{ node_id: idOf(at - 1), output_id: 'out' }] }],
    x: (at % 10) * 320,
    y: Math.floor(at / 10) * 200,
  }));
  const graph = { title: 'Many operations', description: `${NODES} nodes`, nodes };
  return (await portico.request<{ id: string }>('POST', '/admin/graphs', graph)).id;
}

const INPUT = { name: 'in', file_types: ['file'] };
const OPERATION = {
  _id: '5d27b8dd50e56dbbce063449',
  title: 'Upper case',
  description: 'of a benchmark',
  base_node_name: 'bash_jinja2',
  inputs: [INPUT],
  outputs: [{ name: 'out', file_type: 'file' }],
  parameters: [
    {
      name: 'cmd',
      parameter_type: 'code',
      value: { value: 'tr a-z A-Z < {{ input.in }} > {{ output.out }}', mode: 'bash' },
      removable: false,
      publicable: false,
    },
  ],
  logs: [{ name: 'stdout', file_type: 'file' }],
};
