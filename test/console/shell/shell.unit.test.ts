import { readEvents, type ServerEvent } from '../../../console/src/api/events.rules';
import { describe, expect, it, test } from 'vitest';
import { fillPath, toQuery } from '../../../console/src/api/path.rules';
import { messagesAt } from '../../../console/src/kit/issues.rules';
import { addressOfId } from '../../../console/src/shell/address-of-id.rules';
import { oneOf, parseSearch, printSearch, search, someOf, text, whole } from '../../../console/src/shell/search.rules';

describe('the query of an address', () => {
  const read = search({ q: text, active: oneOf('true', 'false'), outcome: someOf('failed', 'timeout'), line: whole });

  it.each([
    ['?q=123&active=true', { q: '123', active: 'true' }],
    ['?outcome=failed,timeout,nope&line=12', { outcome: ['failed', 'timeout'], line: 12 }],
    ['?active=maybe&outcome=&line=-1&unknown=1', {}],
    ['?q=%22quoted%22', { q: '"quoted"' }],
  ])('%s is read as %j', (address, values) => {
    expect(read(parseSearch(address))).toEqual(values);
  });

  it('is written so that it reads back', () => {
    const values = { q: 'a&b, c', outcome: ['failed', 'timeout'], line: 3, empty: undefined };
    const address = printSearch(values);
    expect(address).toBe('?q=a%26b,+c&outcome=failed,timeout&line=3');
    expect(read(parseSearch(address))).toEqual({ q: 'a&b, c', outcome: ['failed', 'timeout'], line: 3 });
    expect(printSearch({})).toBe('');
  });
});

test('an id leads to what it names', () => {
  expect(addressOfId('ep_0123456789abcdefghij')).toBe('/endpoints/ep_0123456789abcdefghij');
  expect(addressOfId('ep_short')).toBeNull();
  expect(addressOfId('xx_0123456789abcdefghij')).toBeNull();
  expect(addressOfId('constructor')).toBeNull();
});

test('paths and queries of calls are escaped', () => {
  expect(fillPath('/admin/roles/:name/uses', { name: 'a/b ?' })).toBe('/admin/roles/a%2Fb%20%3F/uses');
  expect(() => fillPath('/admin/runs/:id', {})).toThrow('needs id');
  expect(toQuery({ q: 'a&b', limit: 5, cursor: undefined, folder: '' })).toBe('?q=a%26b&limit=5');
  expect(toQuery({})).toBe('');
});

test('the messages of a field are those at its pointer and below', () => {
  const issues = [
    { pointer: '#/access/keys/0', code: 'unknown', message: 'is not a key' },
    { pointer: '#/access/keysmith', code: 'x', message: 'another field' },
    { pointer: '#/path', code: 'taken', message: 'is taken' },
  ];
  expect(messagesAt(issues, '/access/keys')).toBe('is not a key');
  expect(messagesAt(issues, '/path')).toBe('is taken');
  expect(messagesAt(issues, '/title')).toBeUndefined();
});

describe('readEvents', () => {
  test.each([1, 7, 1000])('reads events that arrive in parts of %i bytes, and passes over comments', async (size) => {
    const text =
      ':\n\nevent: progress\ndata: {"logs":["ü"]}\n\n:\n\nretry: 1000\n\nid: 7-a\nevent: result\ndata: {"run":1}\n\n';
    const bytes = new TextEncoder().encode(text);
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    const events: ServerEvent[] = [];
    await readEvents(body, (event) => void events.push(event));
    expect(events).toEqual([
      { event: 'progress', data: { logs: ['ü'] } },
      { id: '7-a', event: 'result', data: { run: 1 } },
    ]);
  });
});
