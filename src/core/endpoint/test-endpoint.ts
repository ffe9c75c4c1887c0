import { ANONYMOUS, type Caller } from '../dispatch/access.rules';
import type { Call, Wire } from '../dispatch/call';
import { makeBundle } from '../dispatch/bundle';
import { formerNames, type Definition } from '../dispatch/definition';
import { loadDefinition } from '../dispatch/load-definition';
import { performCall } from '../dispatch/perform-call';
import { readParameters } from '../dispatch/read-parameters';
import type { Context } from '../context';
import { Fault, notFound } from '../errors';
import { newId } from '../ids';
import { invalidField } from '../offences';
import { toRun } from '../run/get-run';
import type { Run } from '../run/run.schema';
import type { RunRow } from '../../storage/runs';
import { authorize } from '../user/can';
import { expectMayRunAs, mayTestAs } from '../user/run-as';
import type { TestEndpointInput, TestResult } from './test-endpoint.schema';
import { findEndpoint } from './get-endpoint';

/**
 * Runs an endpoint once, in an isolate of its own that is thrown away: any version, as anyone, without its key, rate limit or method
 * rules. Parameters that are not given take their test values. The run is in the history as `test`, and in the answer.
 */
export async function testEndpoint(
  ctx: Context,
  id: string,
  input: TestEndpointInput,
  wire: Wire,
): Promise<TestResult> {
  authorize(ctx, 'endpoint.test');
  const endpoint = await findEndpoint(ctx, id);
  const executor = await ctx.store.users.get(endpoint.executorId);
  if (executor) expectMayRunAs(ctx, executor);
  const definition = await loadDefinition(ctx, endpoint.path, null);
  if (!definition) throw notFound('endpoint');
  const call = await toCall(ctx, definition, input);
  let record: RunRow | undefined;
  const deferred: Promise<unknown>[] = [];
  const recorder: Context['recorder'] = {
    record: (draft) => {
      record = draft();
    },
  };
  const defer = (work: Promise<unknown>): void => {
    // The answer waits for it; that it failed is logged where all work after a response is.
    deferred.push(work.catch(() => undefined));
    ctx.defer(work);
  };
  const testCtx: Context = { ...ctx, recorder, defer };
  const response = await performCall(testCtx, call, wire);
  const body = await response.text().catch(() => '');
  while (deferred.length > 0) await deferred.shift();
  const run: Run = toRun(record!);
  ctx.recorder.record(() => record!, ctx.now(), ctx.defer);
  return { run, response: { status: response.status, headers: Object.fromEntries(response.headers), body } };
}

async function toCall(ctx: Context, definition: Definition, input: TestEndpointInput): Promise<Call> {
  const { method, path, query, headers, body } = input.request;
  const target = await versionOf(ctx, definition, input.version);
  const startedAt = ctx.now();
  const runId = newId('run', startedAt);
  const call: Call = {
    runId,
    kind: 'test',
    definition: target,
    bundle: target.bundle,
    plan: { mode: 'per-call' },
    startedAt,
    admittedAt: startedAt,
    caller: await callerOf(ctx, input.as),
    method: method ?? [...definition.methods][0]!,
    request: {
      method: method ?? [...definition.methods][0]!,
      path: `/u/${definition.path}${path}`,
      query,
      headers: new Headers(headers),
      origin: ctx.origin,
    },
    rest: path,
    body: body === null ? null : toBytes(body),
    params: {},
    files: [],
    mw: [],
    reports: [],
    test: testOf(input, target),
    depth: 0,
    headers: { 'x-run-id': runId },
  };
  fillBody(call, definition, input.parameters);
  await readParameters(call);
  if (definition.executor === null || !definition.executor.active) {
    throw new Fault('executor_disabled', 'The user whose rights this endpoint runs with is disabled.');
  }
  return call;
}

/** Puts given parameters, and test values for the others, where a caller would: in the body, the query, the path or a header. */
function fillBody(call: Call, definition: Definition, given: Record<string, unknown>): void {
  const query = new URLSearchParams(call.request.query);
  const fields: Record<string, unknown> = {};
  const declared = new Set(definition.parameters.map(({ name }) => name));
  for (const name of Object.keys(given)) if (!declared.has(name)) fields[name] = given[name];
  const segments: string[] = [];
  for (const parameter of definition.parameters) {
    const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : parameter.test;
    if (value === null || value === undefined) continue;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (parameter.in === 'body') fields[parameter.name] = value;
    else if (parameter.in === 'header') call.request.headers.set(parameter.name, text);
    else if (parameter.in === 'path') segments.push(encodeURIComponent(text));
    else if (Array.isArray(value)) for (const item of value) query.append(parameter.name, String(item));
    else query.set(parameter.name, text);
  }
  call.request.query = query.toString();
  if (segments.length > 0 && call.rest === '') call.rest = `/${segments.join('/')}`;
  if (call.body !== null || Object.keys(fields).length === 0) return;
  call.request.headers.set('content-type', 'application/json');
  call.body = toBytes(JSON.stringify(fields));
}

const toBytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).slice().buffer;

async function versionOf(ctx: Context, definition: Definition, version: number | undefined): Promise<Definition> {
  if (version === undefined) return definition;
  const endpoint = await findEndpoint(ctx, definition.id);
  const row = await ctx.store.handlers.version(endpoint.handlerId, version);
  if (!row) throw invalidField('version', 'not_found', 'there is no such version of this handler');
  const { cpuMs, subrequests } = definition.limits;
  const policy = {
    cpuMs,
    subrequests,
    egress: definition.egress,
    executorId: definition.executor?.id ?? '',
    endpointId: definition.id,
  };
  const bundle = makeBundle(
    definition.id,
    endpoint.handlerId,
    version,
    row.artifact,
    policy,
    ctx.runtime.harnessVersion,
    [0, 0],
  );
  return {
    ...definition,
    handler: { id: endpoint.handlerId, version },
    formerNames: formerNames(definition.parameters, endpoint.handlerId, version),
    bundle,
  };
}

/** `until` and `mocks` name steps of the version that runs. 422 where there is no such step. */
function testOf({ until, mocks }: TestEndpointInput, { bundle }: Definition): Call['test'] {
  if (until === undefined && mocks === undefined) return null;
  const steps = bundle?.artifact.workflow?.steps;
  const named = [
    ...(until === undefined ? [] : [['until', until]]),
    ...Object.keys(mocks ?? {}).map((id) => [`mocks/${id}`, id]),
  ];
  for (const [at, id] of named) {
    if (!steps?.includes(id!))
      throw invalidField(at!, 'not_found', 'there is no such step in this version of the handler');
  }
  return { ...(until === undefined ? {} : { until }), ...(mocks === undefined ? {} : { mocks }) };
}

async function callerOf(ctx: Context, as: TestEndpointInput['as']): Promise<Caller> {
  if (as === undefined) return ANONYMOUS;
  if ('user' in as) {
    const user = await ctx.store.users.find(as.user);
    if (!user) throw invalidField('as/user', 'not_found', 'there is no such user');
    if (!mayTestAs(ctx.actor, user))
      throw new Fault('forbidden', `You cannot call as ${user.name}, who has built-in roles that you do not have.`);
    return { kind: 'user', id: user.id, name: user.name, roles: user.roles };
  }
  const key = await ctx.store.keys.get(as.key);
  if (!key) throw invalidField('as/key', 'not_found', 'there is no such key');
  return { kind: 'key', id: key.id, name: key.alias, roles: [] };
}
