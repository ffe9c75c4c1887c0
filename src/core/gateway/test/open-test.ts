import { isSafeMethod } from '../../../kernel/http-methods';
import { defined } from '../../../kernel/defined';
import type { Caller } from '../../access/actor';
import type { CallContext } from '../call';
import { makeBundle } from '../bundle';
import { formerNames, type Definition, assertReady } from '../definition';
import { takesKeys } from '../access.rules';
import { assertKeyMethod } from '../key-access.rules';
import { loadDefinition } from '../load-definition';
import { openCall } from '../open-call';
import { readParameters } from '../read-parameters';
import type { Authorized } from '../../access/verb';
import type { Context } from '../../access/context';
import { ApiError, notFound } from '../../../kernel/errors';
import { invalidField } from '../../../kernel/issues';
import { assertMayRunAs } from '../../access/run-as';
import { findEndpoint } from '../../publishing/endpoints/get-endpoint';
import { authorize } from '../../access/permissions';
import { languageOf } from '../../code/artifact';
import { prepareSource } from '../../publishing/handlers/prepare-source';
import { fillRequest, type MadeCall } from '../fill-request';
import { refusalOf, testCaller } from './test-caller';
import type { TestEndpointInput } from './test-endpoint.schema';

/** A test that is ready to run. `refused` is the error that it ends with instead; `skipped` the error that it passes over. */
export interface OpenedTest {
  call: CallContext;
  refused: ApiError | null;
  skipped: ApiError | null;
}

/** Makes the call of a test. Throws for a mistake in its input or in the configuration of the endpoint. */
export async function openTest(ctx: Authorized, id: string, input: TestEndpointInput): Promise<OpenedTest> {
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
  return { call, refused, skipped: refused === null ? refusal : null };
}

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
