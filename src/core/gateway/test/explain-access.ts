import { ANONYMOUS } from '../../access/actor';
import type { Context } from '../../access/context';
import { verb } from '../../access/verb';
import { findEndpoint } from '../../publishing/endpoints/get-endpoint';
import { notFound, type ApiError } from '../../../kernel/errors';
import { authRequired } from '../access.rules';
import { assertReady, type Definition } from '../definition';
import { loadDefinition } from '../load-definition';
import type { ExplainAccessInput, ExplainedAccess } from './explain-access.schema';
import { refusalOf, testCaller, type TestCaller } from './test-caller';

type Step = ExplainedAccess['steps'][number];

/**
 * Says whether a call of this caller would be admitted, check by check in the order of a call, without running anything. What depends on the
 * call itself, its rate and its parameters, is not checked; neither is middleware, which is code.
 */
export const explainAccess = verb(
  'endpoint.read',
  async (ctx, id: string, { as }: ExplainAccessInput): Promise<ExplainedAccess> => {
    const endpoint = await findEndpoint(ctx, id);
    const definition = await loadDefinition(ctx, id, null, ctx.now());
    if (!definition) throw notFound('endpoint');
    const { caller, refusal } = await callerOf(ctx, definition, as);
    const steps: Step[] = [
      endpoint.active ? toStep('active', null) : toStep('active', notFound('endpoint')),
      toStep('access', refusal),
      toStep(
        'ready',
        refusalOf(() => assertReady(definition)),
      ),
      ...definition.middleware.map((_, index): Step => ({ check: `middleware ${index}`, result: 'unknown' })),
      ...(definition.rateWindows.length === 0 ? [] : [{ check: 'rate', result: 'unknown' } as const]),
    ];
    return { caller, admitted: steps.every(({ result }) => result !== 'refused'), steps };
  },
);

const toStep = (check: string, refusal: ApiError | null): Step =>
  refusal === null
    ? { check, result: 'passed' }
    : { check, result: 'refused', code: refusal.code, message: refusal.extra.forRun ?? refusal.message };

async function callerOf(ctx: Context, definition: Definition, as: ExplainAccessInput['as']): Promise<TestCaller> {
  if (!('anonymous' in as)) return testCaller(ctx, definition, as);
  const { accessLevel } = definition;
  return { caller: ANONYMOUS, refusal: accessLevel === 'public' ? null : authRequired(accessLevel) };
}
