import { describe, expect, test } from 'vitest';
import { ANONYMOUS } from '../../../src/core/dispatch/access.rules';
import { readTicket, signTicket, type Ticket } from '../../../src/core/dispatch/ticket';
import { callHandler } from '../../../src/core/host/call-handler';
import { testContext } from '../../support/context';
import { publish, saveHandler, unique } from '../../support/publish';
import { respond, saveMiddleware, workflow } from '../../support/workflow';

const settings = { keyPepper: 'a pepper that only this test knows' };
const ticket: Ticket = {
  run: 'run_1',
  endpointId: 'ep_1',
  expiresAt: 1000,
  depth: 1,
  origin: 'https://portico.test',
  caller: { ...ANONYMOUS, name: 'Zoë 🐦' },
};

describe('a ticket', () => {
  test('reads as it was signed', () =>
    expect(readTicket(settings, signTicket(settings, ticket), 'ep_1', 999)).toEqual(ticket));
  test.each<[string, unknown, string, number]>([
    ['nothing', undefined, 'ep_1', 1],
    ['another endpoint', signTicket(settings, ticket), 'ep_2', 1],
    ['late', signTicket(settings, ticket), 'ep_1', 1001],
    ['another pepper', signTicket({ keyPepper: 'x' }, ticket), 'ep_1', 1],
    [
      'changed',
      `${btoa(JSON.stringify({ ...ticket, depth: 0, caller: ANONYMOUS }))}.${signTicket(settings, ticket).split('.')[1]}`,
      'ep_1',
      1,
    ],
    ['unsigned', btoa(JSON.stringify({ ...ticket, caller: ANONYMOUS })), 'ep_1', 1],
  ])('is refused: %s', (_, text, endpoint, now) =>
    expect(() => readTicket(settings, text, endpoint, now)).toThrow(expect.objectContaining({ code: 'forbidden' })),
  );
  test('is worth nothing without a pepper', () =>
    expect(() => readTicket({ keyPepper: null }, signTicket({ keyPepper: null }, ticket), 'ep_1', 1)).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    ));
});

describe('a call of a handler', () => {
  const ask = async (handler: string, change: Partial<Ticket> = {}) => {
    const { endpoint } = await publish('export default () => 1');
    const ctx = testContext();
    const good = { ...ticket, endpointId: endpoint.id, expiresAt: ctx.now() + 10_000, ...change };
    return callHandler(ctx, { handler, params: { n: 2 }, ticket: signTicket(ctx.settings, good) }, endpoint.id);
  };
  test('answers with its status, body and log', async () => {
    const { path } = await saveHandler(
      workflow({ id: 'l', do: 'log', message: 'hi' }, respond({ $: 'params.n' }, { status: 202 })),
      `${unique('c')}.workflow.json`,
    );
    expect(await ask(path)).toEqual({ status: 202, body: 2, logs: [['info', 'hi']] });
  });
  test('ends three handlers deep', async () => {
    const { path } = await saveHandler('export default () => 1');
    expect((await ask(path, { depth: 3 })).body).toBe(1);
    await expect(ask(path, { depth: 4 })).rejects.toMatchObject({ code: 'loop_detected' });
  });
  test('finds neither what is not there nor a middleware', async () => {
    await expect(ask('not/there.js')).rejects.toMatchObject({ code: 'not_found' });
    const { path } = await saveMiddleware([{ id: 's', do: 'stop' }]);
    await expect(ask(path)).rejects.toMatchObject({ code: 'not_found' });
  });
  test.each([{ handler: 'x' }, { handler: 'x', params: [], ticket: '' }, null])(
    'needs its arguments: %j',
    async (args) => {
      await expect(callHandler(testContext(), args, 'ep_1')).rejects.toMatchObject({ code: 'invalid_input' });
    },
  );
});
