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
 * call itself is `unknown`: its address, method, rate and quota. Neither parameters nor middleware, which is code, are checked.
 */
export const explainAccess = verb(
  'endpoint.read',
  async (ctx, id: string, { as }: ExplainAccessInput): Promise<ExplainedAccess> => {
    const endpoint = await findEndpoint(ctx, id);
    const definition = await loadDefinition(ctx, id, null, ctx.now());
    if (!definition) throw notFound('endpoint');
    const { caller, refusal } = await callerOf(ctx, definition, as);
    const key = caller.kind === 'key' ? definition.keys.get(caller.id!) : undefined;
    const steps: Step[] = [
      endpoint.active ? toStep('active', null) : toStep('active', notFound('endpoint')),
      ...unknown('address', definition.isFrom !== null || (key?.isFrom ?? null) !== null),
      toStep('access', refusal),
      ...unknown('signature', definition.verifySignature !== null),
      ...unknown('method', (key?.methods ?? null) !== null),
      toStep(
        'ready',
        refusalOf(() => assertReady(definition)),
      ),
      ...definition.middleware.map((_, index): Step => ({ check: `middleware ${index}`, result: 'unknown' })),
      ...unknown('rate', definition.rateWindows.length > 0),
      ...unknown('quota', Boolean(key?.quota.perDay ?? key?.quota.perMonth)),
    ];
    return { caller, admitted: steps.every(({ result }) => result !== 'refused'), steps };
  },
);

/** A check that depends on the call, where there is one. */
const unknown = (check: string, exists: boolean): Step[] => (exists ? [{ check, result: 'unknown' }] : []);

const toStep = (check: string, refusal: ApiError | null): Step =>
  refusal === null
    ? { check, result: 'passed' }
    : { check, result: 'refused', code: refusal.code, message: refusal.extra.forRun ?? refusal.message };

async function callerOf(ctx: Context, definition: Definition, as: ExplainAccessInput['as']): Promise<TestCaller> {
  if (!('anonymous' in as)) return testCaller(ctx, definition, as);
  const { accessLevel } = definition;
  return { caller: ANONYMOUS, refusal: accessLevel === 'public' ? null : authRequired(accessLevel) };
}
