import { expect, test } from 'vitest';
import instabase from '../../../fixtures/python/instabase.py?raw';
import peliqan from '../../../fixtures/python/peliqan.py?raw';
import pyplan from '../../../fixtures/python/pyplan.py?raw';
import pyplanPandas from '../../../fixtures/python/pyplan-pandas.py?raw';
import { startWithService } from './service';
import { named, open, receive, startPython, utf8, withRequest } from './isolate';

test('Instabase: handler(request, *args, **kwargs) answers text for GET and an empty 404 for the rest', async () => {
  const isolate = await startPython(instabase);
  const got = await receive(isolate, await isolate.call(withRequest('GET')));
  expect([got.status, got.type, got.text]).toEqual([200, 'text/plain; charset=utf-8', 'Hello World']);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const { head, body } = open(await isolate.call(withRequest(method), utf8('{}')));
    expect([head.kind, head.status, head.headers, body]).toEqual(['none', 404, [], '']);
  }
});

test('Peliqan: handler() reads the global request and answers the rows of a table', async () => {
  const isolate = await startWithService(peliqan);
  const { head, body } = open(await isolate.call(withRequest('GET', '/a/b?param1=x&param1=y')));
  expect(head.kind).toBe('json');
  expect(JSON.parse(body)).toEqual([
    { id: 1, name: 'Acme' },
    { id: 2, name: 'Globex' },
  ]);
});

test("Peliqan: the sample's other two forms of return", async () => {
  const [before] = peliqan.split('    # Example data for response');
  const data = await startPython(
    `${before}\n    data, status_code, headers = [1], 202, {"x-a": "b"}\n    return data, status_code, headers`,
  );
  expect(open(await data.call(withRequest()))).toMatchObject({
    head: { kind: 'json', status: 202, headers: [['x-a', 'b']] },
    body: '[1]',
  });
  const none = await startPython(`${before}\n    return "", 404, { "some_header": "some_value" }`);
  expect(open(await none.call(withRequest()))).toMatchObject({
    head: { kind: 'text', status: 404, headers: [['some_header', 'some_value']] },
    body: '',
  });
});

test('Pyplan: result = _fn is fed by name, and the JSON text it returns goes out as JSON, untouched', async () => {
  const isolate = await startPython(pyplan);
  const { head, body } = open(await isolate.call(named({ name2: 'Bea', name1: 'Ann' })));
  expect([head.kind, head.named_text]).toEqual(['json', true]);
  expect(body.startsWith('{"0": {"Name": "Ann", "Age": 25, "City": "New York"}, "1": {"Name": "Bea", "Age": 30')).toBe(
    true,
  );
});

test('Pyplan as printed: the run reports that pandas is not available, and lists what is', async () => {
  const isolate = await startPython(pyplanPandas);
  const { head } = open(await isolate.call(named({ name1: 'Ann', name2: 'Bea' })));
  expect(head.error?.name).toBe('NameError');
  expect(head.error?.message).toMatch(
    /'pd' is not defined.*'pandas'.*packages that the script declares.*standard library/,
  );
  expect(head.error?.stack).toContain('line 7, in _fn\n    df = pd.DataFrame(data)');
});
