import { describe, expect, test } from 'vitest';
import { streamTest } from '../../../../src/core/gateway/test/stream-test';
import { TestEndpointInput } from '../../../../src/core/gateway/test/test-endpoint.schema';
import { putSecret } from '../../../../src/core/publishing/secrets/put-secret';
import { listRuns } from '../../../../src/core/runs/get-run';
import { ListRunsQuery } from '../../../../src/core/runs/run.schema';
import { toProblem } from '../../../../src/http/wire/errors';
import { drain, testContext } from '../../../support/context';
import { publish } from '../../../support/publish';

const HOST = 'held.example.com';

/** A context whose requests get no answer before `release`. */
function holding(): { ctx: ReturnType<typeof testContext>; release: () => void } {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const fetchUpstream = async (): Promise<Response> => {
    await held;
    return new Response('late');
  };
  return { ctx: testContext(undefined, { fetchUpstream }), release: () => release() };
}

interface Event {
  event: string;
  data: { logs?: { message: string }[]; steps?: { id: string; outcome: string }[]; response?: { body: string } };
}

async function startTest(ctx: ReturnType<typeof testContext>, id: string, input: object = {}) {
  const { body } = await streamTest(ctx, id, TestEndpointInput.parse(input), toProblem);
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async (): Promise<Event | null> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end === -1) {
        const { done, value } = await reader.read();
        if (done) return null;
        text += value;
        continue;
      }
      const [, event, data] = /^event: (.*)\ndata: (.*)/.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      if (data !== undefined) return { event: event!, data: JSON.parse(data) as Event['data'] };
    }
  };
  return { next, leave: () => reader.cancel() };
}

const WORKFLOW = JSON.stringify({
  kind: 'workflow',
  steps: [
    { id: 'note', do: 'log', message: 'with s3cret-value' },
    { id: 'ask', do: 'http.request', url: `https://${HOST}/` },
    { id: 'answer', do: 'respond', body: 'done' },
  ],
});
const KINDS: [string, string, string][] = [
  ['a workflow', 'workflow.json', WORKFLOW],
  ['JavaScript', 'js', `export default async () => { console.log('with s3cret-value'); return (await fetch('https://${HOST}/')).text(); }`],
  ['Python', 'py', `from portico import fetch\ndef f():\n  print("with s3cret-value")\n  return fetch("https://${HOST}/").text\nresult = f`],
]; // oxfmt-ignore

describe('a streamed test', () => {
  test.each(KINDS)('of %s sends what it reports while it runs, redacted, and then the result', async (name, ending, source) => {
    await putSecret(testContext(), 'STREAMED', { value: 's3cret-value', description: '', roles: [] });
    const { endpoint } = await publish(source, { egress: [HOST], secrets: ['STREAMED'] }, ending);
    const { ctx, release } = holding();
    const { next } = await startTest(ctx, endpoint.id);
    const first = await next();
    expect(first).toMatchObject({ event: 'progress', data: { logs: [{ message: 'with [redacted]' }] } });
    const ran = first!.data.steps?.map(({ id, outcome }) => `${id} ${outcome}`);
    expect(ran).toEqual(name === 'a workflow' ? ['note success', 'ask running'] : undefined);
    release();
    let last = await next();
    while (last?.event === 'progress') last = await next();
    expect(last).toMatchObject({ event: 'result', data: { run: { kind: 'test', outcome: 'success' } } });
    expect(await next()).toBeNull();
  }); // oxfmt-ignore

  test('ends when its reader leaves, and is recorded', async () => {
    const { endpoint } = await publish(KINDS[1]![2], { egress: [HOST] });
    const { ctx } = holding();
    const { next, leave } = await startTest(ctx, endpoint.id);
    await next();
    await leave();
    await drain();
    const { items } = await listRuns(ctx, ListRunsQuery.parse({ endpointId: endpoint.id }));
    expect(items).toMatchObject([{ kind: 'test', outcome: 'failed', errorCode: 'handler_error' }]);
  });

  test('sends the refusal of its caller as the result, and throws for a mistake before it streams', async () => {
    const { endpoint } = await publish('export default () => 1', { access: { level: 'key' } });
    const { next } = await startTest(testContext(), endpoint.id, { as: { user: 'admin' } });
    expect(await next()).toMatchObject({ event: 'result', data: { response: { status: 401 }, run: { outcome: 'rejected' } } });
    expect(await next()).toBeNull();
    await expect(startTest(testContext(), endpoint.id, { version: 7 })).rejects.toMatchObject({ code: 'invalid_input' });
  }); // oxfmt-ignore
});
