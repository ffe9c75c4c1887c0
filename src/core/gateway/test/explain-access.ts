import { ANONYMOUS } from '../../access/actor';
import type { Context } from '../../access/context';
import { verb } from '../../access/verb';
import { findEndpoint } from '../../publishing/endpoints/get-endpoint';
import { ApiError, notFound } from '../../../kernel/errors';
import { readHeaders } from '../../../kernel/read-headers';
import { assertCallerRoles, authRequired } from '../access.rules';
import { assertReady, type Definition } from '../definition';
import { identifyCaller } from '../identify-caller';
import { addressNotAllowed, assertKeyMethod, type KeyState } from '../key-access.rules';
import { loadDefinition } from '../load-definition';
import type { ExplainAccessInput, ExplainedAccess } from './explain-access.schema';
import { refusalOf, testCaller, type TestCaller } from './test-caller';

type Step = ExplainedAccess['steps'][number];

/**
 * Returns whether a call of this caller would be admitted, check by check in the order of a call, without running anything. What depends on the
 * call itself is `unknown`: its rate, quota and signature, and its address and method where they are not given. Neither parameters nor
 * middleware, which is code, are checked.
 */
export const explainAccess = verb(
  'endpoint.read',
  async (ctx, id: string, { as, method, address }: ExplainAccessInput): Promise<ExplainedAccess> => {
    const endpoint = await findEndpoint(ctx, id);
    const definition = await loadDefinition(ctx, id, null, ctx.now());
    if (!definition) throw notFound('endpoint');
    const { caller, refusal } = await callerOf(ctx, definition, as);
    const key = caller.kind === 'key' ? definition.keys.get(caller.id!) : undefined;
    const { rateLimit, signature } = endpoint.rules;
    const steps: Step[] = [
      endpoint.active ? toStep('active', null) : toStep('active', notFound('endpoint')),
      ...addressSteps(definition, key, address),
      toStep('access', refusal),
      ...unknown('signature', signature && `Calls need a signature of the kind ${signature.kind}.`),
      ...methodSteps(definition, key, method),
      toStep(
        'ready',
        refusalOf(() => assertReady(definition)),
      ),
      ...definition.middleware.map((_, index): Step => ({ check: `middleware ${index}`, result: 'unknown' })),
      ...unknown('rate', rateLimit && [rateLimit, ...(rateLimit.also ?? [])].map(windowText).join(' ')),
      ...unknown('quota', key && quotaText(key.quota)),
    ];
    return { caller, admitted: steps.every(({ result }) => result !== 'refused'), steps };
  },
);

const windowText = ({ limit, windowSeconds, by }: { limit: number; windowSeconds: number; by: string }): string =>
  `At most ${limit} calls in ${windowSeconds} s by ${by}.`;

function quotaText({ perDay, perMonth }: KeyState['quota']): string | null {
  const parts = [perDay ? `${perDay} calls a day` : null, perMonth ? `${perMonth} calls a month` : null];
  const text = parts.filter((part) => part !== null).join(' and ');
  return text === '' ? null : `The key has a quota of ${text}.`;
}

/** A check that depends on the call, where there is one. */
const unknown = (check: string, message: string | null | undefined): Step[] =>
  message ? [{ check, result: 'unknown', message }] : [];

function addressSteps({ isFrom }: Definition, key: KeyState | undefined, address: string | undefined): Step[] {
  const keyIsFrom = key?.isFrom ?? null;
  if (isFrom === null && keyIsFrom === null) return [];
  if (address === undefined) return unknown('address', 'Only some addresses may call.');
  return [
    toStep(
      'address',
      refusalOf(() => {
        if (isFrom !== null && !isFrom(address)) throw addressNotAllowed('This endpoint');
        if (keyIsFrom !== null && !keyIsFrom(address)) throw addressNotAllowed('This API key');
      }),
    ),
  ];
}

function methodSteps(
  { methods, allow }: Definition,
  key: KeyState | undefined,
  method: ExplainAccessInput['method'],
): Step[] {
  const keyMethods = key?.methods ?? null;
  if (method === undefined)
    return unknown('method', keyMethods && `The key has the methods ${[...keyMethods].join(', ')}.`);
  return [
    toStep(
      'method',
      refusalOf(() => {
        const called = method === 'HEAD' && !methods.has('HEAD') ? 'GET' : method;
        if (!methods.has(called)) throw new ApiError('method_not_allowed', `This path answers ${allow}.`);
        assertKeyMethod(keyMethods, called);
      }),
    ),
  ];
}

const toStep = (check: string, refusal: ApiError | null): Step =>
  refusal === null
    ? { check, result: 'passed' }
    : { check, result: 'refused', code: refusal.code, message: refusal.extra.forRun ?? refusal.message };

async function callerOf(ctx: Context, definition: Definition, as: ExplainAccessInput['as']): Promise<TestCaller> {
  if ('token' in as) return callerOfToken(ctx, definition, as.token);
  if (!('anonymous' in as)) return testCaller(ctx, definition, as);
  const { accessLevel } = definition;
  return { caller: ANONYMOUS, refusal: accessLevel === 'public' ? null : authRequired(accessLevel) };
}

/** Checks a token as a call with it would: its issuer, signature, claims and roles. */
async function callerOfToken(ctx: Context, definition: Definition, token: string): Promise<TestCaller> {
  try {
    const headers = readHeaders(new Headers({ authorization: `Bearer ${token}` }));
    const caller = await identifyCaller(ctx, definition, headers);
    return { caller, refusal: refusalOf(() => assertCallerRoles(caller, definition.roles)) };
  } catch (error) {
    if (error instanceof ApiError) return { caller: ANONYMOUS, refusal: error };
    throw error;
  }
}
