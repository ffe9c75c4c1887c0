import { describe, expect, test } from 'vitest';
import { toAnswer, type Answer, type AnswerPolicy } from '../../../src/core/dispatch/answer.rules';
import { noReport } from '../../../src/runtime/envelope';

const POLICY: AnswerPolicy = {
  responseTypes: new Set(['application/json', 'text/plain']),
  responseBytes: 100,
  origin: 'https://portico.test',
};
const base = { cold: false, report: noReport(), settle: null };
type Text = { kind?: 'json' | 'text' | 'none'; status?: number; headers?: [string, string][]; body?: string };

const ofText = ({ kind = 'json', status, headers = [], body = '{}' }: Text, policy = POLICY): Answer =>
  toAnswer({ ...base, type: 'text', kind, status: status ?? null, headers, body }, policy);
const ofResponse = (response: Response, policy = POLICY): Answer =>
  toAnswer({ ...base, type: 'response', response }, policy);
const reasonOf = (answer: Answer): string => (answer.type === 'bad' ? answer.reason : 'ok');
const headersOf = (answer: Answer): Record<string, string> =>
  answer.type === 'ok' ? Object.fromEntries(answer.headers) : {};

test.each<[Text, number, string | undefined, string | null]>([
  [{}, 200, 'application/json', '{}'],
  [{ kind: 'text', body: 'hi' }, 200, 'text/plain; charset=utf-8', 'hi'],
  [{ kind: 'text', body: '' }, 200, undefined, null],
  [{ kind: 'none', body: '' }, 204, undefined, null],
  [{ kind: 'none', body: 'forged' }, 204, undefined, null],
  [{ kind: 'none', status: 304, body: '' }, 304, undefined, null],
  [{ status: 599 }, 599, 'application/json', '{}'],
])('%j goes out as %s %s %j', (text, status, type, body) => {
  const answer = ofText(text);
  expect(answer).toMatchObject({ type: 'ok', status, body });
  expect(headersOf(answer)['content-type']).toBe(type);
  expect(headersOf(answer)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringContaining('sandbox') as unknown,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
});

test('every status of 200 to 599 may be answered, no other', () => {
  for (let status = 200; status <= 599; status++)
    expect(ofText({ kind: 'none', status, body: '' }).type, String(status)).toBe('ok');
  for (const status of [-1, 0, 100, 101, 199, 600, 1e9]) expect(reasonOf(ofText({ status }))).toMatch(/status/);
});

test.each([204, 205, 304])('a %i has no body', (status) => {
  expect(reasonOf(ofText({ status }))).toContain('no body');
});

describe('types', () => {
  test.each([
    ['text/html', 'bad'], ['TEXT/HTML', 'bad'], ['image/svg+xml', 'bad'], ['text/javascript', 'bad'], ['application/xml', 'bad'],
    ['text/plain, text/html', 'bad'], ['', 'bad'], ['text/plain;charset=x, text/html', 'ok'], ['Text/Plain ; charset=utf-8', 'ok'],
    ['application/json', 'ok'], ['application/octet-stream', 'bad'],
  ])('%j is %s', (type, wanted) => {
    expect(ofText({ headers: [['Content-Type', type]] }).type).toBe(wanted);
  }); // prettier-ignore
  test('a Response without a type is bytes, which an endpoint has to list', () => {
    const bytes = (): Response => new Response(new Uint8Array([1]));
    expect(reasonOf(ofResponse(bytes()))).toContain('application/octet-stream');
    const policy = { ...POLICY, responseTypes: new Set(['application/octet-stream']) };
    expect(headersOf(ofResponse(bytes(), policy))['content-type']).toBe('application/octet-stream');
  });
});

describe('headers', () => {
  test.each([
    'set-cookie', 'Set-Cookie', 'access-control-allow-origin', 'strict-transport-security', 'content-encoding', 'content-length',
    'transfer-encoding', 'content-security-policy', 'x-frame-options', 'x-content-type-options', 'x-run-id', 'x-request-id', 'refresh',
    'cf-ray', 'x-portico-pending', 'clear-site-data', 'service-worker-allowed', 'alt-svc', 'proxy-authenticate', 'cross-origin-opener-policy',
  ])('%s never comes from user code', (name) => {
    const answer = ofText({ headers: [[name, 'user']] });
    expect(Object.values(headersOf(answer))).not.toContain('user');
    if (answer.type === 'ok') expect(answer.dropped).toEqual(name.startsWith('x-portico-') ? [] : [name.toLowerCase()]);
  }); // prettier-ignore
  test('others do, in lower case', () => {
    const headers: [string, string][] = [
      ['X-Custom', 'a'],
      ['etag', '"1"'],
      ['Cache-Control', 'max-age=5'],
      ['link', '</a>; rel=next'],
    ];
    expect(headersOf(ofText({ headers }))).toMatchObject({
      'x-custom': 'a',
      etag: '"1"',
      'cache-control': 'max-age=5',
      link: '</a>; rel=next',
    });
  });
  test.each([
    ['33 headers', Array.from({ length: 33 }, (_, n): [string, string] => [`x-${n}`, '1'])],
    ['8 KiB of them', [['x-a', 'x'.repeat(8192)]] as [string, string][]],
    ['a line break', [['x-a', 'a\r\nset-cookie: b=c']] as [string, string][]],
    ['a name that is none', [['x a', 'b']] as [string, string][]],
    ['a value beyond Latin-1', [['x-a', '\u{1f600}']] as [string, string][]],
  ])('%s cannot be sent', (_name, headers) => expect(ofText({ headers }).type).toBe('bad'));
});

describe('redirects', () => {
  test.each([
    ['/u/other', 'ok'], ['other?x=1', 'ok'], ['https://portico.test/u/x', 'ok'], ['https://evil.example/', 'bad'],
    ['//evil.example/', 'bad'], ['\\\\evil.example', 'bad'], ['/\\evil.example', 'bad'], ['http://portico.test/', 'bad'], ['https://portico.test@evil.example/', 'bad'],
    ['https://portico.test.evil.example/', 'bad'], ['javascript:alert(1)', 'bad'], ['data:text/html,x', 'bad'], ['https://portico.test:444/', 'bad'], ['http://[', 'bad'],
  ])('to %s: %s', (location, wanted) => {
    expect(ofText({ kind: 'none', body: '', status: 302, headers: [['location', location]] }).type).toBe(wanted);
  }); // prettier-ignore
});

test('a body is held to its limit in bytes', () => {
  expect(ofText({ body: 'x'.repeat(100) }).type).toBe('ok');
  expect(ofText({ body: 'x'.repeat(101) }).type).toBe('bad');
  expect(ofText({ body: 'é'.repeat(50) }).type).toBe('ok');
  expect(ofText({ body: 'é'.repeat(51) }).type).toBe('bad');
  const long = new Response('x', { headers: { 'content-type': 'text/plain', 'content-length': '101' } });
  expect(ofResponse(long).type).toBe('bad');
});
