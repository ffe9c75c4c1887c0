import type { Bundle, CallHost, Invocation } from '../../runtime/types';
import type { Context } from '../access/context';
import type { CallFacts } from './host/host-call';
import { metaJson, urlOf } from './invocation';

/** Builds an invocation of a handler with these parameters, as JSON text: by name, or as the body of a request to it. */
export function toParamsInvocation(
  ctx: Pick<Context, 'requestId' | 'origin'>,
  bundle: Bundle,
  call: Pick<CallFacts, 'runId' | 'definition' | 'caller' | 'request' | 'subpath'>,
  host: () => CallHost,
  params: string,
): Invocation {
  const { runId, definition, caller } = call;
  const { form, workflow } = bundle.artifact;
  const { steps, rounds } = definition.limits;
  const ofWorkflow = workflow
    ? `{"requestId":${JSON.stringify(ctx.requestId)},"sent":{"value":${params}},"limits":${JSON.stringify({ steps, rounds })}}`
    : '';
  const known = metaJson(runId, form, params, caller, definition, urlOf(call), ofWorkflow);
  if (form === 'named') return { run: runId, meta: `${known}}`, host };
  const request = { method: 'POST', url: `${ctx.origin}/`, headers: [['content-type', 'application/json']] };
  const body = new TextEncoder().encode(params).slice().buffer;
  return { run: runId, meta: `${known},"request":${JSON.stringify(request)}}`, body, host };
}
