import { isSafeMethod } from '../../../kernel/http-methods';
import { defined } from '../../../kernel/defined';
import type { Caller } from '../../access/actor';
import type { CallContext, RenderError } from '../call';
import { makeBundle } from '../bundle';
import { formerNames, type Definition, assertReady } from '../definition';
import { refuse } from '../dispatch';
import { takesKeys } from '../access.rules';
import { assertKeyMethod } from '../key-access.rules';
import { loadDefinition } from '../load-definition';
import { openCall } from '../open-call';
import { performCall } from '../perform-call';
import { readParameters } from '../read-parameters';
import type { Context } from '../../access/context';
import { ApiError, notFound } from '../../../kernel/errors';
import { invalidField } from '../../../kernel/issues';
import { toRun } from '../../runs/get-run';
import { mapRun } from '../../runs/map-run';
import type { RunDraft } from '../../runs/run-recorder';
import type { Run } from '../../runs/run.schema';
import { toRecord } from '../../runs/stored-run.rules';
import { verb } from '../../access/verb';
import { assertMayRunAs } from '../../access/run-as';
import { findEndpoint } from '../../publishing/endpoints/get-endpoint';
import { authorize } from '../../access/permissions';
import { languageOf } from '../../code/artifact';
import { prepareSource } from '../../publishing/handlers/prepare-source';
import { fillRequest, type MadeCall } from '../fill-request';
import { refusalOf, testCaller } from './test-caller';
import type { TestEndpointInput, TestResult } from './test-endpoint.schema';
import { exactUtf8, toBase64 } from '../../../kernel/encoding';

/**
 * Runs an endpoint once, in an isolate of its own that is thrown away, as is the storage of a shared instance: any version, as anyone,
 * without rate limit or method rules. A caller who would be refused live gets that error as the response; a mistake in the input of the
 * test or in the configuration of the endpoint is an error of the test. Missing parameters take their test values. Its effects on tables
 * and other services are permanent. The run is in the history as `test`, and in the response.
 */
export const testEndpoint = verb(
  'endpoint.test',
  async (ctx, id: string, input: TestEndpointInput, renderError: RenderError): Promise<TestResult> => {
    const endpoint = await findEndpoint(ctx, id);
    const executor = await ctx.store.users.get(endpoint.executorId);
    if (executor) assertMayRunAs(ctx, executor);
    const found = await loadDefinition(ctx, endpoint.id, null, ctx.now());
    if (!found) throw notFound('endpoint');
    const { lacking } = found;
    if (lacking.length > 0) throw new ApiError('not_configured', `This endpoint cannot run: ${lacking.join('; ')}.`);
    assertReady(found);
    const definition = await codeOfTest(ctx, found, input);
    const { runsAnyway, ...who } = await testCaller(ctx, definition, input.as);
    const call = toCall(ctx, definition, who.caller, input);
    await fillRequest(call, definition, input.parameters, ({ test }) => test);
    if (input.request.method === undefined) call.method = call.request.method = firstMethod(call);
    const refusal = who.refusal ?? refusalOfMethod(call);
    const refused = input.skipAccess || runsAnyway ? null : refusal;
    if (refused === null) readParameters(call);
    const { response, run } = await perform(ctx, call, renderError, refused);
    return {
      run,
      response: { ...response, headers: Object.fromEntries(response.headers) },
      accessSkipped: refused === null && refusal !== null ? refusal.code : null,
    };
  },
);

/** Returns the error of a key whose scopes leave the method of the call out, or null. */
function refusalOfMethod({ definition, caller, method }: CallContext): ApiError | null {
  const key = caller.kind === 'key' && takesKeys(definition.accessLevel) ? definition.keys.get(caller.id!) : undefined;
  return key ? refusalOf(() => assertKeyMethod(key.methods, method)) : null;
}

/** Returns the first method that the endpoint allows; with a body, the first that can have one. */
function firstMethod({ definition, body }: CallContext): string {
  const methods = [...definition.methods];
  const withBody = methods.find((method) => !isSafeMethod(method));
  return (body === null ? undefined : withBody) ?? methods[0]!;
}

interface Performed {
  response: { status: number; headers: Headers; body: string; base64: string | null };
  run: Run;
}

/** Performs the call with a recorder of its own, so that its record is available when it ends; the record goes into the history too. */
async function perform(
  ctx: Context,
  call: CallContext,
  renderError: RenderError,
  refusal: ApiError | null,
): Promise<Performed> {
  let draft: RunDraft | undefined;
  const deferred: Promise<unknown>[] = [];
  const recorder: Context['recorder'] = {
    record: (made) => {
      draft = made;
    },
  };
  const defer = (work: Promise<unknown>): void => {
    // The response waits for it; its failure is logged with all work after a response.
    deferred.push(work.catch(() => undefined));
    ctx.defer(work);
  };
  const testCtx: Context = { ...ctx, recorder, defer };
  try {
    const response = refusal
      ? refuse(testCtx, call, refusal, renderError)
      : await performCall(testCtx, call, renderError);
    const body = toShown(await response.arrayBuffer().catch(() => new ArrayBuffer()));
    while (deferred.length > 0) await deferred.shift();
    const stored = draft!();
    ctx.recorder.record(() => stored, ctx.now(), ctx.defer);
    return {
      response: { status: response.status, headers: response.headers, ...body },
      run: await mapRun(ctx, toRun(toRecord(stored))),
    };
  } finally {
    if (call.plan.mode === 'shared' && !refusal) ctx.defer(ctx.runtime.discard(call.plan.name));
  }
}

/** Returns a body as text, or as base64 where it is not text. */
function toShown(bytes: ArrayBuffer): { body: string; base64: string | null } {
  const body = exactUtf8(bytes);
  return body === null
    ? { body: new TextDecoder().decode(bytes), base64: toBase64(new Uint8Array(bytes)) }
    : { body, base64: null };
}

/** Begins the call of a test, in an instance of its own. */
function toCall(ctx: Context, definition: Definition, caller: Caller, input: TestEndpointInput): MadeCall {
  const { method = 'POST', path, query, headers, body } = input.request;
  const request = {
    method,
    path: `/u/${definition.path}${path}`,
    query,
    headers: new Headers(headers),
    origin: ctx.origin,
  };
  const call = openCall(definition, 'test', request, path, ctx.now());
  const isShared = definition.plan.mode === 'shared';
  call.caller = caller;
  call.bundle = call.bundle && isShared ? { ...call.bundle, once: true } : call.bundle;
  call.plan = isShared ? { mode: 'shared', name: `test@${call.runId}` } : { mode: 'per-call' };
  call.body = body === null ? null : new TextEncoder().encode(body).slice().buffer;
  call.test = testOf(input, definition);
  return call;
}

/** Returns the definition with the code that the test asks for: a version, a source that is not saved, or what calls get. */
async function codeOfTest(
  ctx: Context,
  found: Definition,
  { version, source }: TestEndpointInput,
): Promise<Definition> {
  if (source === undefined) return versionOf(ctx, found, version);
  if (version !== undefined) throw invalidField('source', 'invalid', 'must not be combined with version');
  return draftOf(ctx, found, source);
}

/** Returns the definition with a source of the tester, who may save it as well. */
async function draftOf(ctx: Context, definition: Definition, source: string): Promise<Definition> {
  authorize(ctx, 'handler.write');
  const { handlerPath: path, policy } = definition;
  const language = languageOf(path);
  if (language === null || language === 'graph') throw invalidField('source', 'invalid', 'is not supported for graphs');
  const { artifact } = await prepareSource(ctx, { language, path }, source);
  const bundle = makeBundle({ role: 'handler', artifact, policy }, ctx.runtime.harnessVersion);
  return { ...definition, handler: null, formerNames: [], bundle };
}

async function versionOf(ctx: Context, definition: Definition, version: number | undefined): Promise<Definition> {
  if (version === undefined) return definition;
  const endpoint = await findEndpoint(ctx, definition.id);
  const row = await ctx.store.handlers.version(endpoint.handlerId, version);
  if (!row) throw invalidField('version', 'not_found', 'this handler does not have this version');
  const { artifact } = row;
  const { policy } = definition;
  const bundle = makeBundle({ role: 'handler', artifact, policy }, ctx.runtime.harnessVersion);
  return {
    ...definition,
    handler: { id: endpoint.handlerId, version, createdAt: row.createdAt },
    formerNames: formerNames(definition.parameters, endpoint.handlerId, version),
    bundle,
  };
}

/** Checks that `until` and `mocks` name steps of the version that runs. Throws 422 otherwise. */
function testOf({ until, mocks }: TestEndpointInput, { bundle }: Definition): CallContext['test'] {
  if (until === undefined && mocks === undefined) return null;
  const steps = bundle?.artifact.workflow?.steps;
  const named = [
    ...(until === undefined ? [] : [['until', until]]),
    ...Object.keys(mocks ?? {}).map((id) => [`mocks/${id}`, id]),
  ];
  for (const [at, id] of named) {
    if (!steps?.includes(id!))
      throw invalidField(at!, 'not_found', 'this version of the handler does not have this step');
  }
  return defined({ until, mocks });
}
