import { beforeAll, describe, expect, test } from 'vitest';
import { graphDeadline } from '../../../src/core/gateway/host/call-graph';
import { runGraphActions } from '../../../src/plynx/edit/run-graph-actions';
import { testContext } from '../../support/context';
import { graphOfNodes, operation, script } from '../../support/graphs';
import { insertUser } from '../../support/people';
import { ensureAdmin, postJson, runOf, saveHandler, unique } from '../../support/publish';
import { publishWorkflow, respond } from '../../support/workflow';

beforeAll(ensureAdmin);

/** The path of a handler that serves a graph of one operation, which greets; `code` goes before that. */
async function servedGraph({ code = '', answer = 'wait' }: { code?: string; answer?: string } = {}): Promise<string> {
  const greet = operation('javascript', script(code, 'writeText(output.out, `Hello, ${param.name}\\n`);'));
  const text = { parameter_type: 'str' as const, mutable_type: true, removable: true, publicable: true };
  greet.parameters.push({ ...text, name: 'name', value: 'nobody', widget: { alias: 'Name' } });
  const graph = graphOfNodes(greet);
  await runGraphActions(testContext(), graph, ['SAVE']);
  const source = JSON.stringify({ graph: graph._id, parameters: { who: 'Name' }, answer });
  return (await saveHandler(source, `${unique('graph')}.graph.json`)).path;
}
const callOf = (handler: string, params: object = { who: { $: 'params.who' } }): object => ({
  id: 'greet',
  do: 'call',
  handler,
  with: params,
});
const caught = (step: object): object => ({
  id: 'guard',
  do: 'try',
  steps: [step, { id: 'fine', do: 'respond', body: { $: 'steps.greet' } }],
  catch: [{ id: 'sorry', do: 'respond', body: { $: 'error.cause' } }],
});

describe('a step that calls a published graph', () => {
  test('waits, and its result is what the graph answers', async () => {
    const { endpoint } = await publishWorkflow([
      callOf(await servedGraph()),
      respond({ text: { $: 'steps.greet.outputs[0].text' }, graph: { $: 'steps.greet.graph' } }),
    ]);
    const response = await postJson(`/u/${endpoint.path}`, { who: 'Ada' });
    expect(response.status).toBe(200);
    const body: { text: string; graph: string } = await response.json();
    expect(body.text).toBe('Hello, Ada\n');
    // It is a run for this endpoint, so it goes when its time is over.
    expect((await testContext().store.graphs.get(body.graph))?.endpointId).toBe(endpoint.id);
    expect((await runOf(response)).steps.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['greet', 'success'],
      ['answer', 'success'],
    ]);
  });

  test('fails with the cause', async () => {
    for (const [handler, params, cause] of [
      [await servedGraph(), { nobody: 1 }, { status: 422, body: { code: 'invalid_parameters' } }],
      [await servedGraph(), { who: 1 }, { status: 422, body: { code: 'invalid_parameters' } }],
      [
        await servedGraph({ code: 'throw new Error();' }),
        {},
        { status: 500, body: { code: 'handler_error', graph: expect.any(String) } },
      ],
    ] as const) {
      const { endpoint } = await publishWorkflow([caught(callOf(handler, params))]);
      expect(await (await postJson(`/u/${endpoint.path}`, {})).json()).toEqual(cause);
    }
  });

  test('ends before the time of the call does; the graph goes on', async () => {
    const { endpoint } = await publishWorkflow(
      [caught(callOf(await servedGraph({ code: 'await pause(2000);' }), {}))],
      {
        limits: { timeoutMs: 1200 },
      },
    );
    const cause: { status: number; body: { code: string; graph: string } } = await (
      await postJson(`/u/${endpoint.path}`, {})
    ).json();
    expect(cause).toMatchObject({ status: 504, body: { code: 'handler_timeout' } });
    const { graphs } = testContext().store;
    await expect.poll(async () => (await graphs.get(cause.body.graph))?.status).toBe('SUCCESS');
  });

  test('has its answer at once from a graph that answers at once', async () => {
    const { endpoint } = await publishWorkflow([
      callOf(await servedGraph({ code: 'await pause(5000);', answer: 'run' }), {}),
      respond({ $: 'steps.greet' }),
    ]);
    const response = await postJson(`/u/${endpoint.path}`, {});
    expect(await response.json()).toEqual({ graph: expect.stringMatching(/^[0-9a-f]{24}$/), status: 'RUNNING' });
  });
});

describe('the host', () => {
  test('runs a graph only for an executor who may make graphs', async () => {
    const { name } = await insertUser(unique('viewer'), ['viewer']);
    const steps = [callOf(await servedGraph(), {}), respond(1)];
    const refused = await postJson(`/u/${(await publishWorkflow(steps, { executor: name })).endpoint.path}`, {});
    expect((await runOf(refused)).error?.message).toContain('do not permit');
    expect((await postJson(`/u/${(await publishWorkflow(steps)).endpoint.path}`, {})).status).toBe(200);
  });

  test.each([
    ['the end of the call', 1000, 10_500],
    ['as long again, in what follows the answer', 11_000, 20_500],
    ['a minute after the end at most', 65_000, 70_500],
  ])('waits until %s', (_, now, until) => {
    expect(graphDeadline(11_000, 10_000, now)).toBe(until);
  });
});
