import { expect, test } from 'vitest';
import { call, publish, runOf } from '../support/publish';

const WORKFLOW = { kind: 'workflow', steps: [{ id: 'a', do: 'respond', body: 'x' }] };

test.each([
  ['js', 'export default () => "x"'],
  ['ts', 'export default (): string => "x"'],
  ['py', 'def handler(request):\n    return "x"\n'],
  ['workflow.json', JSON.stringify(WORKFLOW)],
  ['workflow.json', `\r\n${JSON.stringify(WORKFLOW, null, '\t').replaceAll('\n', '\r\n')}`],
])('a source in .%s may begin with a byte order mark, as some editors write it', async (extension, source) => {
  const { endpoint } = await publish(`\uFEFF${source}`, {}, extension);
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect([response.status, (await response.text()).replaceAll('"', '')]).toEqual([200, 'x']);
});

test.each([
  ['lines that end in CRLF', '# first\r\ndef handler(request):\r\n    return {}["gone"]\r\n'],
  ['lines that end in CR', '# first\rdef handler(request):\r    return {}["gone"]\r'],
  [
    'a declared encoding, which text no longer has',
    '# -*- coding: latin-1 -*-\ndef handler(request):\n    return {}["gone"]\n',
  ],
  [
    'form feeds and other breaks that are none to Python',
    '# \f \u2028 \x1c\n\fdef handler(request):\n    return {}["gone"]\n',
  ],
])('Python with %s', async (_, source) => {
  const { endpoint } = await publish(source, {}, 'py');
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect(response.status).toBe(500);
  expect((await runOf(response)).error!.stack).toMatch(/line 3, in handler\n    return {}\["gone"\]\n/);
});
