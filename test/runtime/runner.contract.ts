import { mayAskHost } from '../../src/core/code/asks-host.rules';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { Artifact, CodeLanguage } from '../../src/core/code/artifact';
import { checkWorkflow } from '../../src/core/workflow/check/check.rules';
import { compileWorkflow } from '../../src/core/workflow/compile/compile.rules';
import { createRuntime } from '../../src/runtime/runtime';
import type { Bundle, CallHost, InstancePlan, Invocation, Outcome, Report } from '../../src/runtime/types';

export const runtime = createRuntime(env);

/** Subjects of the contract: everything that runs in an isolate. */
export type Runnable = CodeLanguage | 'workflow';

/** Prepares a source as a save would and gives it a bundle of its own. */
export async function bundleOf(
  language: Runnable,
  source: string,
  generation: [number, number] = [1, 1],
  asOf = 0,
): Promise<Bundle> {
  const id = `test.${crypto.randomUUID()}`;
  const artifact = await artifactOf(language, source);
  return {
    id,
    generation,
    asOf,
    artifact,
    asksHost: mayAskHost(artifact),
    policy: { owner: 'ep_1@1', executorId: 'usr_1', cpuMs: 1000, subRequests: 1000 },
  };
}

async function artifactOf(language: Runnable, source: string): Promise<Artifact> {
  if (language === 'workflow') {
    const { workflow, errors, calls, secrets } = checkWorkflow(source);
    if (workflow === null) throw new Error(`not prepared: ${JSON.stringify(errors)}`);
    const facts = { kind: workflow.kind, calls, secrets, steps: [] };
    const { code } = compileWorkflow(workflow);
    return { runtime: 'javascript', form: 'request', code, libraries: [], workflow: facts };
  }
  const prepared = await runtime.prepare(language, source, `handler.${language}`);
  if (prepared.kind !== 'ready') throw new Error(`not prepared: ${JSON.stringify(prepared.issues)}`);
  return prepared.artifact;
}

export interface TestCall {
  params?: Record<string, unknown>;
  request?: { method?: string; url?: string; headers?: [string, string][] };
  body?: string;
  files?: Invocation['files'];
  run?: string;
}

/** The contract is about code that asks nothing: what is asked through a host has tests over HTTP. */
const NO_HOST: CallHost = {
  send: () => Promise.reject(new Error('nothing may be asked here')),
  fetch: () => Promise.resolve({ refused: 'nothing may be sent here' }),
  cancel: () => undefined,
};

/** A call as the dispatch path would make it. */
export function invocationOf(bundle: Bundle, call: TestCall): Invocation {
  const meta = {
    run: call.run ?? 'run_test',
    form: bundle.artifact.form,
    params: call.params ?? {},
    request: { method: 'GET', url: 'https://host/', headers: [], ...call.request },
    caller: { kind: 'key', id: 'key_1', name: 'a key', roles: [] },
    executor: { id: 'usr_1', name: 'someone', roles: ['developer'] },
    ...(bundle.artifact.workflow ? { workflow: {} } : {}),
  };
  const body = call.body === undefined ? undefined : new TextEncoder().encode(call.body).slice().buffer;
  return { run: meta.run, meta: JSON.stringify(meta), body, files: call.files, host: () => NO_HOST };
}

export const invoke = (bundle: Bundle, plan: InstancePlan, call: TestCall = {}, timeoutMs = 20_000): Promise<Outcome> =>
  runtime.invoke(bundle, plan, invocationOf(bundle, call), timeoutMs);

/** Status, type, text and the complete report of an outcome. */
export async function settled(
  outcome: Outcome,
): Promise<{ outcome: Outcome; text: string; status: number | null; report: Report }> {
  const text =
    outcome.kind === 'response' ? await outcome.response.text() : outcome.kind === 'text' ? outcome.body : '';
  const status =
    outcome.kind === 'response' ? outcome.response.status : outcome.kind === 'text' ? outcome.status : null;
  return { outcome, text, status, report: outcome.drain ? await outcome.drain() : outcome.report };
}

/** One behaviour in every language that can show it. Sources are keyed by language. */
export interface ContractCase {
  name: string;
  sources: Partial<Record<Runnable, string>>;
  call?: TestCall;
  expect: {
    kind?: Outcome['kind'];
    format?: string;
    text?: string;
    status?: number | null;
    logs?: [string, string][];
    error?: object;
    /** Why the answer cannot be sent. */
    reason?: string;
  };
}

/** Runs every case in one language and one instance mode. */
export function runContract(language: Runnable, mode: InstancePlan['mode'], cases: ContractCase[]): void {
  for (const { name, sources, call, expect: wanted } of cases) {
    const source = sources[language];
    if (source === undefined) continue;
    test(`${language}, ${mode}: ${name}`, async () => {
      const bundle = await bundleOf(language, source);
      const plan: InstancePlan = mode === 'shared' ? { mode, name: bundle.id } : { mode };
      const { outcome, text, status, report } = await settled(await invoke(bundle, plan, call));
      if (wanted.error) expect(outcome).toMatchObject({ kind: 'failed', error: wanted.error });
      else expect(outcome.kind, JSON.stringify(outcome)).toBe(wanted.kind ?? 'text');
      if (wanted.reason !== undefined) expect(outcome).toHaveProperty('reason', wanted.reason);
      if (wanted.format !== undefined) expect(outcome).toHaveProperty('format', wanted.format);
      if (wanted.text !== undefined) expect(text).toBe(wanted.text);
      if (wanted.status !== undefined) expect(status).toBe(wanted.status);
      if (wanted.logs) expect(report.logs.map(([, level, message]) => [level, message])).toEqual(wanted.logs);
    });
  }
}
