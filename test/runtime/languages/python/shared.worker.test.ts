import { runInDurableObject } from 'cloudflare:test';
import { expect, test } from 'vitest';
import { bindings, loadPython, named, open, receive, withRequest, type Isolate } from './isolate';

test('App serves the same calls as a facet, and keeps module state', async () => {
  const stub = bindings.INSTANCE.getByName('python-shared');
  const answers = await runInDurableObject(stub, async (_, state) => {
    const worker = await loadPython(
      'n = 0\ndef f(step):\n  global n\n  n += step\n  print(n)\n  return {"n": n}\nresult = f\ndef handler(request): return request.get_data()',
    );
    const facet = state.facets.get('app', () => ({ class: worker.getDurableObjectClass('App') })) as unknown as Isolate;
    const first = await facet.call(named({ step: 1 }));
    const second = await facet.call(named({ step: 2 }));
    const wrong = await facet.call(named({}));
    const third = await receive(facet, await facet.call(withRequest('POST'), new Uint8Array([1, 2]).buffer));
    return { first, second, wrong, third: { bytes: [...third.bytes], status: third.status } };
  });
  expect(open(answers.first)).toMatchObject({
    head: { kind: 'json', cold: true, logs: [[expect.any(Number), 'info', '1']] },
    body: '{"n":1}',
  });
  expect(open(answers.second)).toMatchObject({
    head: { kind: 'json', logs: [[expect.any(Number), 'info', '3']] },
    body: '{"n":3}',
  });
  expect(open(answers.wrong).head).toMatchObject({
    kind: 'invalid',
    errors: [{ code: 'missing_parameter', pointer: '/step' }],
  });
  expect(answers.third).toEqual({ bytes: [1, 2], status: 200 });
});
