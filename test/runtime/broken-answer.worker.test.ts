import { expect, test } from 'vitest';
import type { CallHost, InstancePlan } from '../../src/runtime/types';
import { bundleOf, invocationOf, runtime, type Runnable } from './runner.contract';

/** A network whose answers break off after three bytes. */
const BROKEN: CallHost = {
  send: () => Promise.reject(new Error('nothing may be asked here')),
  fetch: () => {
    let isSent = false;
    const body = new ReadableStream({
      pull: (out) => {
        if (isSent) return out.error(new Error('the connection is gone'));
        isSent = true;
        out.enqueue(new Uint8Array(3));
      },
    });
    return Promise.resolve({ response: new Response(body), url: 'https://up.dev/', redirected: false });
  },
  cancel: () => undefined,
};

const told = (options: string): string =>
  `export default async () => { try { return await (await fetch('https://up.dev/', ${options})).text() } catch (error) { return String(error) } }`;

test.each<[string, Runnable, string]>([
  ['fetch', 'javascript', told('{}')],
  ['fetch with a signal', 'javascript', told('{ signal: AbortSignal.timeout(60_000) }')],
  [
    'urllib',
    'python',
    `import urllib.request
def told():
    try:
        return urllib.request.urlopen('https://up.dev/').read()
    except OSError as error:
        return str(error)
result = told`,
  ],
])('%s reports a broken answer without messages of the platform', async (_name, language, source) => {
  const bundle = await bundleOf(language, source);
  const invocation = { ...invocationOf(bundle, {}), host: () => BROKEN };
  const outcome = await runtime.invoke(bundle, { mode: 'pooled' }, invocation, 20_000);
  expect(outcome).toMatchObject({
    kind: 'text',
    body: expect.stringMatching(/the response broke off$/),
  });
});

test.each([
  ['as it is', 'fetch(url)'],
  ['as a copy', 'fetch(url).then((answer) => new Response(answer.body, answer))'],
])('an answer without a body and a type is passed on %s', async (_name, answer) => {
  const bundle = await bundleOf('javascript', `export default (_, __, url = 'https://up.dev/') => ${answer}`);
  const empty = new ReadableStream({ start: (out) => out.close() });
  const response = new Response(empty, { status: 202, headers: { 'content-length': '0' } });
  const fetch: CallHost['fetch'] = () => Promise.resolve({ response, url: 'https://up.dev/', redirected: false });
  const invocation = { ...invocationOf(bundle, {}), host: () => ({ ...BROKEN, fetch }) };
  expect(await runtime.invoke(bundle, { mode: 'pooled' }, invocation, 20_000)).toMatchObject({
    kind: 'text',
    format: 'none',
    status: 202,
  });
});

test.each(['pooled', 'per-call', 'shared'] as const)(
  'an answer of unknown length without a type, %s, has no body when it ends at once',
  async (mode) => {
    const bundle = await bundleOf('javascript', `export default (_, __, url = 'https://up.dev/') => fetch(url)`);
    const plan: InstancePlan = mode === 'shared' ? { mode, name: bundle.id } : { mode };
    const answerTo = async (response: Response) => {
      const fetch: CallHost['fetch'] = () => Promise.resolve({ response, url: 'https://up.dev/', redirected: false });
      const outcome = await runtime.invoke(
        bundle,
        plan,
        { ...invocationOf(bundle, {}), host: () => ({ ...BROKEN, fetch }) },
        20_000,
      );
      return outcome.kind === 'response' ? outcome.response : null;
    };
    const empty = new ReadableStream({ start: (out) => out.close() });
    expect(await answerTo(new Response(empty, { status: 202 }))).toMatchObject({ status: 202, body: null });
    const full = new ReadableStream({
      start: (out) => {
        out.enqueue(new TextEncoder().encode('hi'));
        out.close();
      },
    });
    expect(await (await answerTo(new Response(full)))!.text()).toBe('hi');
  },
);

test('code that puts the name of its host together gets it in a second attempt, and later calls at once', async () => {
  const source = `let begun = 0
export default async (params, ctx) => [++begun, await ctx['tab' + 'les']['crm.customers'].count({ all: true })]`;
  const bundle = await bundleOf('javascript', source);
  expect(bundle.asksHost).toBe(false);
  const host: CallHost = { ...BROKEN, send: () => Promise.resolve('{"ok":7}') };
  const invocation = { ...invocationOf(bundle, {}), host: () => host };
  const bodies: string[] = [];
  for (let call = 0; call < 2; call++) {
    const outcome = await runtime.invoke(bundle, { mode: 'pooled' }, invocation, 20_000);
    bodies.push(outcome.kind === 'text' ? outcome.body : JSON.stringify(outcome));
  }
  expect(bodies).toEqual(['[1,7]', '[2,7]']);
});

const ANSWERS: CallHost = { ...BROKEN, send: () => Promise.resolve('{"ok":7}') };

test.each(['pooled', 'per-call'] as const)(
  'a %s call that begins again starts its module, whose output is in its log',
  async (mode) => {
    const source = `console.log('started')
export default (params, ctx) => ctx['tab' + 'les']['crm.customers'].count({ all: true })`;
    const bundle = await bundleOf('javascript', source);
    const invocation = { ...invocationOf(bundle, {}), host: () => ANSWERS };
    const { cold, report } = await runtime.invoke(bundle, { mode }, invocation, 20_000);
    expect([cold, report.logs.map(([, , line]) => line)]).toEqual([true, ['started']]);
  },
);

test('both attempts of a call share its time limit', async () => {
  const source = `export default async (params, ctx) => {
  await new Promise((done) => setTimeout(done, 300))
  return ctx['tab' + 'les']['crm.customers'].count({ all: true })
}`;
  const bundle = await bundleOf('javascript', source);
  const invocation = { ...invocationOf(bundle, {}), host: () => ANSWERS };
  expect(await runtime.invoke(bundle, { mode: 'pooled' }, invocation, 500)).toMatchObject({ kind: 'timeout' });
});

test('calls at once share what one of them asks for, with those that do not ask', async () => {
  const source = `let shared
export default async ({ waits }, ctx) => {
  if (waits === 0) return 'none'
  await new Promise((done) => setTimeout(done, waits))
  return await (shared ??= ctx['tab' + 'les']['crm.customers'].count({ all: true }))
}`;
  const bundle = await bundleOf('javascript', source);
  const answered = await Promise.all(
    [1, 0, 2, 40, 0].map(async (waits, index) => {
      const call = invocationOf(bundle, { params: { waits }, run: `run_${index}` });
      const outcome = await runtime.invoke(bundle, { mode: 'pooled' }, { ...call, host: () => ANSWERS }, 20_000);
      return outcome.kind === 'text' ? outcome.body : outcome.kind;
    }),
  );
  expect(answered).toEqual(['7', 'none', '7', '7', 'none']);
});

const COUNT = `ctx['tab' + 'les']['crm.customers'].count({ all: true })`;
test.each([
  ['returns a thenable', `(params, ctx) => ({ then: (resolve) => void ${COUNT}.then(resolve) })`],
  ['asks after a timer', `async (params, ctx) => { await new Promise((on) => setTimeout(on, 5)); return ${COUNT} }`],
  ['waits for something else too', `(params, ctx) => Promise.all([${COUNT}, 1]).then(([count]) => count)`],
])('code that %s begins again as it asks for its host', async (_name, source) => {
  const bundle = await bundleOf('javascript', `export default ${source}`);
  const host: CallHost = { ...BROKEN, send: () => Promise.resolve('{"ok":7}') };
  const outcome = await runtime.invoke(
    bundle,
    { mode: 'pooled' },
    { ...invocationOf(bundle, {}), host: () => host },
    20_000,
  );
  expect(outcome).toMatchObject({ kind: 'text', body: '7' });
});

test('code that asks without waiting begins again too, whatever it returns', async () => {
  let asked = 0;
  const host: CallHost = { ...BROKEN, fetch: (request) => (asked++, BROKEN.fetch(request)) };
  for (const ends of ['return 7', 'throw new Error("no")']) {
    const source = `export default () => { void globalThis['fet' + 'ch']('https://up.dev/').catch(() => 0); ${ends} }`;
    const bundle = await bundleOf('javascript', source);
    await runtime.invoke(bundle, { mode: 'pooled' }, { ...invocationOf(bundle, {}), host: () => host }, 20_000);
  }
  expect(asked).toBe(2);
});

test('a first attempt without the host does nothing after it asked', async () => {
  const source = `let after = 0
export default async (params, ctx) => {
  for (;;) try { return [await ctx['tab' + 'les']['crm.customers'].count({ all: true }), after] } catch { after++ }
}`;
  const bundle = await bundleOf('javascript', source);
  const host: CallHost = { ...BROKEN, send: () => Promise.resolve('{"ok":7}') };
  const invocation = { ...invocationOf(bundle, {}), host: () => host };
  const outcome = await runtime.invoke(bundle, { mode: 'pooled' }, invocation, 20_000);
  expect(outcome).toMatchObject({ kind: 'text', body: '[7,0]' });
});

test('code that puts the name of its host together after its response gets it in later calls', async () => {
  const source = `export default (params, ctx) => {
  ctx['wait' + 'Until'](Promise.resolve().then(() => null).then(async () => {
    await new Promise((done) => setTimeout(done, 20));
    console.log(String(await ctx['tab' + 'les']['crm.customers'].count({ all: true })));
  }));
  return 1 }`;
  const bundle = await bundleOf('javascript', source);
  const host: CallHost = { ...BROKEN, send: () => Promise.resolve('{"ok":7}') };
  const invocation = { ...invocationOf(bundle, {}), host: () => host };
  const reports = [];
  for (let call = 0; call < 2; call++) {
    const outcome = await runtime.invoke(bundle, { mode: 'pooled' }, invocation, 20_000);
    const { logs, lateError } = await outcome.drain!();
    reports.push([logs.map(([, , line]) => line), lateError?.message]);
  }
  expect(reports).toEqual([
    [[], 'the call has ended, or the arguments are too large'],
    [['7'], undefined],
  ]);
});
