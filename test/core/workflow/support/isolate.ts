import { env } from 'cloudflare:workers';
import { transform } from 'sucrase';
import type { StepRecord, WorkflowContext } from '../../../../src/runtime/harness/workflow/types';
import { readContent } from '../../../../src/core/gateway/body-content';
import { ApiError } from '../../../../src/kernel/errors';
import { checkWorkflow } from '../../../../src/core/workflow/check/check.rules';
import { compileWorkflow, type CompileOptions } from '../../../../src/core/workflow/compile/compile.rules';

/** The run-time library as the modules of an isolate: its own files and those that it shares, their types taken off. */
const files = import.meta.glob<string>(
  [
    '../../../../src/runtime/harness/workflow/*.ts',
    '../../../../src/runtime/harness/javascript/{exact-json,inspect,json}.ts',
  ],
  { query: '?raw', import: 'default', eager: true },
);
const library = Object.fromEntries(
  Object.entries(files).map(([path, text]) => {
    const name = (path.split('/').pop() ?? '').replace(/\.ts$/, '.js');
    const { code } = transform(text, { transforms: ['typescript'], disableESTransforms: true });
    return [
      name === 'main.js' ? 'workflow.js' : name,
      code.replaceAll(/from '\.\.?\/(?:javascript\/)?([a-z-]+)'/g, "from './$1.js'"),
    ];
  }),
);

/**
 * The door of the test isolate. What a workflow asks of its context is played by plain JavaScript in `world`, an expression for an
 * object; the order of events is kept in `events`.
 */
const door = (handler: string, world: string): string => `
import { WorkerEntrypoint } from 'cloudflare:workers';
import { handler } from './${handler}';
const events = [];
const logs = [];
const show = (error) => ({ name: error.name, message: error.message, step: error.step, cause: error.cause });
const rows = [];
const world = (${world});
export default class extends WorkerEntrypoint {
  async call(text) {
    const { request, ctx } = JSON.parse(text);
    for (const level of ['debug', 'info', 'warn', 'error']) console[level] = (value) => logs.push([level, value]);
    const late = [];
    const steps = [];
    let answer, error;
    const given = { ...ctx, steps, waitUntil: (work) => late.push(work.then(() => null, show)), ...world };
    try {
      const value = await handler(new Request(request.url, request), given);
      events.push('answered');
      answer = value === undefined ? null : Array.isArray(value) ? { body: value[0], status: value[1], headers: Object.fromEntries(value[2]) } : value;
      if (answer?.outcome === 'refuse') answer = { ...answer, headers: Object.fromEntries(answer.headers) };
    } catch (thrown) {
      error = show(thrown);
    }
    const early = JSON.parse(JSON.stringify(steps));
    const failed = (await Promise.all(late)).filter((each) => each !== null);
    return JSON.stringify({ answer, error, early, steps, continued: late.length, late: failed, events, logs });
  }
}`;

export interface Outcome {
  /** Null for nothing, so 204; missing when it threw. A middleware has an \`outcome\`. */
  answer?: {
    body?: unknown;
    status?: number;
    headers?: Record<string, string>;
    outcome?: string;
    result?: unknown;
  } | null;
  error?: { name: string; message: string; step?: string; cause?: unknown };
  /** Step records at the time of the answer, and at the end. */
  early: StepRecord[];
  steps: StepRecord[];
  /** How many promises were left under waitUntil, and the errors of those that rejected. */
  continued: number;
  late: { name: string; message: string; step?: string }[];
  events: string[];
  logs: [string, unknown][];
}
export interface CallOptions {
  request?: { url?: string; method?: string; headers?: Record<string, string>; body?: string };
  ctx?: Partial<Omit<WorkflowContext, 'waitUntil' | 'steps' | 'tables' | 'call' | 'fetch' | 'afterAnswer'>>;
  world?: string;
}

interface HandlerStub extends Rpc.WorkerEntrypointBranded {
  call(text: string): Promise<string>;
}

/** The request as the dispatch path would have read it. */
function sentOf({ headers = {}, body }: NonNullable<CallOptions['request']>): Pick<WorkflowContext, 'sent'> {
  if (body === undefined) return {};
  const type = new Headers(headers).get('content-type');
  try {
    const content = readContent(type, new TextEncoder().encode(body).slice().buffer);
    return { sent: { value: content.kind === 'json' ? content.value : content.fields } };
  } catch (error) {
    if (error instanceof ApiError) return {};
    throw error;
  }
}

/** Runs modules in an isolate, one after the other, without network, and tells all that came of each. */
async function runModules(
  codes: string[],
  { request = {}, ctx = {}, world = '{}' }: CallOptions = {},
): Promise<Outcome[]> {
  const modules = codes.flatMap((code, n) => [
    [`handler${n}.js`, code],
    [`door${n}.js`, door(`handler${n}.js`, world)],
  ]);
  const doors = codes.map((_, n) => `export { default as Door${n} } from './door${n}.js';`);
  const worker = env.LOADER.load({
    compatibilityDate: '2026-10-20',
    mainModule: 'main.js',
    modules: { ...library, ...Object.fromEntries(modules), 'main.js': doors.join('\n') },
    limits: { cpuMs: 60_000, subRequests: 100 },
    globalOutbound: null,
  });
  const given = {
    request: {
      url: 'https://endpoint.test/',
      method: request.method ?? (request.body === undefined ? 'GET' : 'POST'),
      ...request,
    },
    ctx: {
      params: {},
      env: {},
      caller: { kind: 'anonymous', id: null },
      run: { id: 'run_1' },
      ...sentOf(request),
      ...ctx,
    },
  };
  const outcomes: Outcome[] = [];
  for (const n of codes.keys()) {
    const text = await worker.getEntrypoint<HandlerStub>(`Door${n}`).call(JSON.stringify(given));
    outcomes.push(JSON.parse(text) as Outcome);
  }
  return outcomes;
}

/** Runs a module in an isolate of its own. */
export async function runModule(code: string, options: CallOptions = {}): Promise<Outcome> {
  return (await runModules([code], options))[0]!;
}

/** Checks, compiles and runs workflows in one isolate; throws when one does not pass the checks. */
export async function runWorkflows(
  workflows: object[],
  options: CallOptions & CompileOptions = {},
): Promise<Outcome[]> {
  const codes = workflows.map((workflow) => {
    const { workflow: checked, errors } = checkWorkflow(JSON.stringify(workflow));
    if (checked === null) throw new Error(`refused: ${JSON.stringify(errors)}`);
    return compileWorkflow(checked, options).code;
  });
  return runModules(codes, options);
}

/** Checks, compiles and runs a workflow; throws when it does not pass the checks. */
export async function runWorkflow(workflow: object, options: CallOptions & CompileOptions = {}): Promise<Outcome> {
  return (await runWorkflows([workflow], options))[0]!;
}

/** A workflow of these steps. */
export const workflow = (...steps: object[]): { kind: 'workflow'; steps: object[] } => ({ kind: 'workflow', steps });
