import type { Bundle, CallHost, InputFile, Invocation } from '../../runtime/types';
import type { Context } from '../access/context';
import { toJson } from '../../kernel/long-integers';
import { isHiddenFromHandlers } from '../../kernel/http-headers';
import type { CallContext } from './call';
import { COOKIE_HEADER, listedCookies } from './cookie.rules';
import type { CallFacts } from './host/host-call';
import { readsBody, sentBody } from './sent-body';
import type { Definition } from './definition';
import type { LongText } from '../../runtime/harness/meta-text';
import type { Artifact } from '../code/artifact';
import type { Caller } from '../access/actor';

/** Builds the invocation for the isolate of `bundle`: the handler's, or a middleware's, which uses the current names of parameters. */
export function toInvocation(ctx: Context, call: CallContext, bundle: Bundle): Invocation {
  const { runId, definition, request, method, subpath, body } = call;
  const { form, workflow } = bundle.artifact;
  const isHandler = bundle === call.bundle;
  // A middleware sees the whole call: what it decides is in the key.
  const view = isHandler ? call.view : null;
  const { caller, query } = view === null ? { caller: call.caller, query: request.query } : view;
  const { params, texts } = readableParams(call, bundle, isHandler);
  const ofParams = isHandler ? filesUnderFormerNames(call) : call.files;
  const sent = readsBody(bundle) ? sentBody(call) : null;
  const files = toList(ofParams, sent?.files);
  const url = urlOf(call);
  const steps = workflow === undefined ? '' : workflowJson(ctx, call, bundle, sent?.json);
  const known = metaJson(runId, form, params, caller, definition, url, steps);
  const host = (): CallHost => call.outlet!.for(bundle, call.depth + 1);
  if (form === 'named') return { run: runId, meta: `${known}}`, texts, files, host };
  const seen = `${request.origin}${subpath === '' ? '/' : subpath}${query === '' ? '' : `?${query}`}`;
  // Steps cannot decode a content coding themselves; code that takes the request can, and may want to see it.
  const unpacked = workflow === undefined ? null : call.unpacked;
  const headers = [...request.headers].filter(
    ([name]) =>
      !isHiddenFromHandlers(name) &&
      !(unpacked !== null && name === 'content-encoding') &&
      (view === null || view.hasHeader(name)),
  );
  const { cookies } = definition.answers;
  const cookie = cookies.size === 0 ? '' : listedCookies(request.headers.get(COOKIE_HEADER), cookies);
  if (cookie !== '') headers.push([COOKIE_HEADER, cookie]);
  return {
    run: runId,
    meta: `${known},"request":${JSON.stringify({ method, url: seen, headers })}}`,
    texts,
    body: unpacked ?? body ?? undefined,
    files,
    host,
  };
}

/**
 * Returns the JSON that an isolate gets with every call, without its last brace. `params` and `workflow` are JSON; `workflow` is empty for
 * other code. `url` is the one that was called: a signature over the URL needs it.
 */
export const metaJson = (
  runId: string,
  form: Artifact['form'],
  params: string,
  caller: Caller,
  { executorJson, envJson, path }: Definition,
  url: string,
  workflow: string,
): string =>
  `{"run":"${runId}","form":"${form}","params":${params},"caller":${callerJson(caller)},"executor":${executorJson}` +
  `,"endpoint":{"path":"${path}","url":${JSON.stringify(url)}}${envJson && `,"env":${envJson}`}` +
  (workflow && `,"workflow":${workflow}`);

const callerTexts = new WeakMap<Caller, string>();

/** Serializes a caller, once for all calls with a key. */
function callerJson(caller: Caller): string {
  let text = callerTexts.get(caller);
  if (text === undefined) callerTexts.set(caller, (text = JSON.stringify(caller)));
  return text;
}

/** Returns the URL at which the endpoint was called, without what follows its path. */
export const urlOf = (call: Pick<CallFacts, 'request' | 'subpath'>): string => call.request.origin + basePathOf(call);

/** Returns the path at which the endpoint was called, without its subpath. */
export const basePathOf = ({ request, subpath }: Pick<CallFacts, 'request' | 'subpath'>): string =>
  subpath === '' ? request.path : request.path.slice(0, request.path.length - subpath.length);

/** The parameters of a call as JSON, with those that are long texts beside it. */
type ReadableParams = { params: string; texts?: LongText[] };

/** Python distinguishes 1.0 from 1, so it gets numbers as they are written here. */
function readableParams(call: CallContext, { artifact: { runtime } }: Bundle, isHandler: boolean): ReadableParams {
  const named = isHandler ? underFormerNames(call) : call.params;
  if (runtime === 'python') return { params: toJson(named, true) };
  if (call.body !== null && call.body.byteLength > LONG_TEXT) {
    const texts = longTexts(named);
    if (texts.length > 0) return { params: toJson(withoutTexts(named, texts), false), texts };
  }
  if (call.paramsText !== null && named === call.params) return { params: call.paramsText };
  return { params: toJson(named, false) };
}

/** Characters from which a text is passed beside the JSON, and of all those texts of a call, which a message takes with two bytes each. */
const LONG_TEXT = 8192;
const MAX_TEXTS = 4 << 20;

/** Returns the parameters that are long texts; none where they are too long in all. */
function longTexts(params: Record<string, unknown>): LongText[] {
  const texts: LongText[] = [];
  let chars = 0;
  for (const [name, value] of Object.entries(params)) {
    if (typeof value !== 'string' || value.length <= LONG_TEXT) continue;
    texts.push([name, value]);
    chars += value.length;
  }
  return chars > MAX_TEXTS ? [] : texts;
}

function withoutTexts(params: Record<string, unknown>, texts: LongText[]): Record<string, unknown> {
  const rest = { ...params };
  for (const [name] of texts) rest[name] = '';
  return rest;
}

/** See harness/javascript/workflow-context.ts. */
function workflowJson(ctx: Context, call: CallContext, bundle: Bundle, sent: string | undefined): string {
  const { steps, rounds } = call.definition.limits;
  const isHandler = bundle === call.bundle;
  const limited = steps !== undefined || rounds !== undefined;
  const { requestId } = ctx;
  const known = `{"requestId":"${requestId}"${sent === undefined ? '' : `,"sent":{"value":${sent}}`}`;
  if (call.middlewareResults.length === 0 && !limited && !call.test) return `${known}}`;
  const rest = JSON.stringify({
    mw: call.middlewareResults,
    ...(limited ? { limits: { steps, rounds } } : {}),
    ...(call.test && isHandler ? { test: call.test } : {}),
  });
  return `${known},${rest.slice(1)}`;
}

const toList = (...lists: (InputFile[] | undefined)[]): InputFile[] | undefined => {
  const files = lists.flatMap((list) => list ?? []);
  return files.length > 0 ? files : undefined;
};

/** Returns the parameters by the names that this version of the handler uses. */
export function underFormerNames({
  definition,
  params,
}: Pick<CallContext, 'definition' | 'params'>): Record<string, unknown> {
  if (definition.formerNames.length === 0) return params;
  const earlier = new Map(definition.formerNames);
  const renamed = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(params)) renamed[earlier.get(name) ?? name] = value;
  return renamed;
}

function filesUnderFormerNames({ definition, files }: CallContext): CallContext['files'] {
  if (definition.formerNames.length === 0) return files;
  const earlier = new Map(definition.formerNames);
  return files.map((file) => ({ ...file, field: earlier.get(file.field) ?? file.field }));
}
