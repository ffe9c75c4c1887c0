import { describe, expect, test } from 'vitest';
import { toAnswer, type Answer, type AnswerPolicy } from '../../../src/core/gateway/answer.rules';
import { plainHeaders } from '../../../src/core/gateway/answer-headers.rules';
import { NO_REPORT } from '../../../src/core/code/no-report';

const POLICY: AnswerPolicy = {
  responseTypes: new Set(['application/json', 'text/plain']),
  responseBytes: 100,
  origin: 'https://portico.test',
  redirects: ['shop.example', '*.partner.example', 'localhost:3000'],
  headers: new Set(['acme-cost']),
  cookies: new Set(),
  basePath: '/u/shop',
  isPublic: true,
};
const base = { cold: false, report: NO_REPORT, drain: null };
type Text = { kind?: 'json' | 'text' | 'none'; status?: number; headers?: [string, string][]; body?: string };

const ofText = ({ kind = 'json', status, headers = [], body = '{}' }: Text, policy = POLICY): Answer =>
  toAnswer({ ...base, kind: 'text', format: kind, status: status ?? null, headers, body }, policy);
const ofResponse = (response: Response, policy = POLICY): Answer =>
  toAnswer({ ...base, kind: 'response', response }, policy);
const reasonOf = (answer: Answer): string => (answer.kind === 'bad' ? answer.reason : 'ok');
const headersOf = (answer: Answer): Record<string, string> =>
  answer.kind === 'ok' ? Object.fromEntries(answer.headers) : {};

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
  expect(answer).toMatchObject({ kind: 'ok', status, body });
  expect(headersOf(answer)['content-type']).toBe(type);
  expect(headersOf(answer)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringContaining('sandbox') as unknown,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
});

test.each<[Text, string]>([
  [{ kind: 'json' }, 'application/json'],
  [{ kind: 'text', body: 'hi' }, 'text/plain; charset=utf-8'],
])('%j without headers has those of one that names its type', (text, type) => {
  expect(headersOf(ofText(text))).toEqual(headersOf(ofText({ ...text, headers: [['content-type', type]] })));
});

test('a response without headers needs an allowed type, too', () => {
  const policy = { ...POLICY, responseTypes: new Set(['text/html']) };
  expect(reasonOf(ofText({}, policy))).toContain('the type application/json is not allowed');
});

test('every status of 200 to 599 may be answered, no other', () => {
  for (let status = 200; status <= 599; status++)
    expect(ofText({ kind: 'none', status, body: '' }).kind, String(status)).toBe('ok');
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
    expect(ofText({ headers: [['Content-Type', type]] }).kind).toBe(wanted);
  }); // oxfmt-ignore
  test('a Response without a type is bytes, which an endpoint has to list', () => {
    const bytes = (): Response => new Response(new Uint8Array([1]));
    expect(reasonOf(ofResponse(bytes()))).toContain('application/octet-stream');
    const policy = { ...POLICY, responseTypes: new Set(['application/octet-stream']) };
    expect(headersOf(ofResponse(bytes(), policy))['content-type']).toBe('application/octet-stream');
  });
});

test.each<[type: string, sent: string]>([
  ['application/json', 'application/json'],
  ['Application/JSON; charset=utf-8', 'Application/JSON; charset=utf-8'],
  [' text/plain ', 'text/plain'],
  [`text/plain; a="${'b'.repeat(200)}"`, `text/plain; a="${'b'.repeat(200)}"`],
])('a response with no other header than the type %j has the headers of every response', (type, sent) => {
  const answer = ofText({ headers: [['Content-Type', type]] });
  expect(headersOf(answer)).toEqual({ ...headersOf(ofText({})), 'content-type': sent });
  expect(warningsOf(answer)).toEqual([]);
});

test('responses with the same type share their headers, of the latest hundred types', () => {
  const first = plainHeaders('text/x-0');
  for (let i = 1; i < 100; i++) plainHeaders(`text/x-${i}`);
  expect(plainHeaders('text/x-0')).toBe(first);
  plainHeaders('text/x-100');
  expect(plainHeaders('text/x-0')).not.toBe(first);
});

test('a type that is not valid HTTP is not sent', () => {
  expect(reasonOf(ofText({ headers: [['content-type', 'text/plain; a="\u0000"']] }))).toBe(
    'a header is not valid HTTP',
  );
});

test('an answer without a body keeps the type that its handler set', () => {
  expect(headersOf(ofText({ kind: 'none', body: '', headers: [['content-type', 'text/plain']] }))['content-type']).toBe(
    'text/plain',
  );
});

test('only a header that response.headers may list is said to be missing there', () => {
  const issueOf = (name: string): string | undefined =>
    warningsOf(ofText({ headers: [[name, 'x']] }))[0]?.split('left out: ')[1];
  expect(['acme-trace', 'strict-transport-security', 'content-encoding'].map(issueOf)).toEqual([
    'handlers may not set it, unless response.headers lists it',
    'handlers may not set it',
    'handlers may not set it; return the body uncompressed',
  ]);
});

const warningsOf = (answer: Answer): string[] => (answer.kind === 'ok' ? answer.warnings : [answer.reason]);

describe('headers', () => {
  test.each([
    'set-cookie', 'Set-Cookie', 'access-control-allow-origin', 'strict-transport-security', 'content-encoding',
    'content-security-policy', 'x-frame-options', 'x-content-type-options', 'x-run-id', 'x-request-id', 'refresh',
    'cf-ray', 'clear-site-data', 'service-worker-allowed', 'alt-svc', 'proxy-authenticate', 'cross-origin-opener-policy', 'sourcemap',
    'X-SourceMap', 'server', 'via', 'x-accel-redirect', 'surrogate-control', 'acme-other', 'speculation-rules', 'x-forwarded-host',
  ])('%s is dropped from user code, with a warning in the run', (name) => {
    const answer = ofText({ headers: [[name, 'user']] });
    expect(Object.values(headersOf(answer))).not.toContain('user');
    expect(warningsOf(answer)).toEqual([expect.stringContaining(`the header ${name.toLowerCase()} was left out`)]);
  }); // oxfmt-ignore
  test.each(['transfer-encoding', 'Content-Length', 'connection', 'keep-alive', 'date', 'x-portico-pending'])(
    '%s, which the platform adds, goes without a word',
    (name) => {
      const answer = ofText({ headers: [[name, 'user']] });
      expect(Object.values(headersOf(answer))).not.toContain('user');
      expect(warningsOf(answer)).toEqual([]);
    },
  );
  test('other headers pass, in lower case', () => {
    const headers: [string, string][] = [
      ['X-Custom', 'a'],
      ['etag', '"1"'],
      ['Cache-Control', 'public, max-age=5'],
      ['link', '</a>; rel=next'],
      ['RateLimit-Remaining', '5'],
      ['Acme-Cost', '3'],
    ];
    expect(headersOf(ofText({ headers }))).toMatchObject({
      'x-custom': 'a',
      etag: '"1"',
      'cache-control': 'public, max-age=5',
      link: '</a>; rel=next',
      'ratelimit-remaining': '5',
      'acme-cost': '3',
    });
  });
  test('a repeatable header keeps every value, any other its last', () => {
    const headers: [string, string][] = [
      ['link', '</a>; rel=next'],
      ['Link', '</b>; rel=prev'],
      ['x-tag', '1'],
      ['x-tag', '2'],
      ['etag', '"1"'],
      ['etag', '"2"'],
    ];
    expect(headersOf(ofText({ headers }))).toMatchObject({
      link: '</a>; rel=next, </b>; rel=prev',
      'x-tag': '1, 2',
      etag: '"2"',
    });
  });
  test.each<[name: string, value: string, goes: boolean]>([
    ['link', '<https://portico.test/u/x?page=2>; rel="next"', true],
    ['link', '<?page=2>; rel=next, <https://shop.example/terms>; rel=help', true],
    ['link', '</a>; rel=next, <https://evil.example/>; rel=preconnect', false],
    ['link', '<//evil.example>; rel=preload', false],
    ['link', '<https://evil.example', false],
    ['location', '/u/x/7', true],
    ['location', 'https://shop.example/7', true],
    ['location', 'https://evil.example/7', false],
    ['content-location', 'https://evil.example/7', false],
    ['content-location', '7', true],
    ['www-authenticate', 'Bearer realm="a, Basic b", error="invalid_token"', true],
    ['www-authenticate', 'Bearer', true],
    ['www-authenticate', 'DPoP algs="ES256", Bearer error="x"', true],
    ['www-authenticate', 'Basic realm="x"', false],
    ['www-authenticate', 'Bearer realm="x", Basic realm="y"', false],
    ['www-authenticate', 'bearer, basic', false],
    ['www-authenticate', 'Bearer realm="x" , NTLM', false],
    ['www-authenticate', 'Digest realm="x"', false],
    ['content-disposition', 'attachment; filename="report.csv"', true],
    ['content-disposition', "attachment; filename=a.pdf; filename*=UTF-8''na%C3%AFve.pdf", true],
    ['content-disposition', 'inline', true],
    ['content-disposition', 'attachment; filename="evil.exe"', false],
    ['content-disposition', 'attachment; filename=evil.EXE', false],
    ['content-disposition', 'attachment; filename="evil.e\\xe"', false],
    ['content-disposition', 'attachment; filename="evil.exe. "; size=3', false],
    ['content-disposition', "attachment; filename*=UTF-8''evil%2Eexe", false],
    ['content-disposition', "attachment; filename*=latin1''%E9vil%2Eexe", false],
    ['content-disposition', 'attachment; filename="=?utf-8?B?ZXZpbC5leGU=?="', false],
    ['content-disposition', 'attachment; filename="a.svg"', false],
    ['content-disposition', 'attachment; filename="executive.summary.txt"', true],
  ])('%s: %s goes out: %s', (name, value, goes) => {
    const answer = ofText({ kind: 'none', body: '', status: 201, headers: [[name, value]] });
    expect(headersOf(answer)[name]).toBe(goes ? value : undefined);
    expect(warningsOf(answer)).toHaveLength(goes ? 0 : 1);
  });
  test('10,000 of them that do not go out are not 10,000 warnings', () => {
    const headers = Array.from({ length: 10_000 }, (_, n): [string, string] => [`${n}${'y'.repeat(1000)}`, '1']);
    const warnings = warningsOf(ofText({ headers }));
    expect(warnings.length).toBeLessThanOrEqual(32);
    expect(warnings.join('').length).toBeLessThan(10_000);
  });
  test('the warning for set-cookie names the alternative', () => {
    expect(warningsOf(ofText({ headers: [['set-cookie', 'a=b']] }))[0]).toContain('token');
  });
  describe('a cache keeps one answer for all only where all may call', () => {
    const closed = { ...POLICY, isPublic: false };
    test.each<[given: string, sent: string, warned: boolean]>([
      ['public, max-age=60', 'private, max-age=60', true],
      ['max-age=60', 'private, max-age=60', false],
      ['s-maxage=60, max-age=5', 'private, max-age=5', true],
      ['Public', 'private', true],
      ['private', 'private', false],
      ['no-cache', 'private, no-cache', false],
    ])('%s goes out as %s', (given, sent, warned) => {
      const answer = ofText({ headers: [['cache-control', given], ['vary', 'accept']] }, closed); // oxfmt-ignore
      expect(headersOf(answer)).toMatchObject({ 'cache-control': sent, vary: 'accept, authorization, x-api-key' });
      expect(warningsOf(answer)).toHaveLength(warned ? 1 : 0);
    });
    test('no-store stays as it is', () => {
      const answer = ofText({ headers: [['cache-control', 'no-store']] }, closed);
      expect(headersOf(answer)['cache-control']).toBe('no-store');
      expect(headersOf(answer).vary).toBeUndefined();
    });
  });
  test.each([
    ['33 headers', Array.from({ length: 33 }, (_, n): [string, string] => [`x-${n}`, '1'])],
    ['8 KiB of them', [['x-a', 'x'.repeat(8192)]] as [string, string][]],
    ['a line break', [['x-a', 'a\r\nset-cookie: b=c']] as [string, string][]],
    ['a name that is none', [['x-a b', 'c']] as [string, string][]],
    ['a value beyond Latin-1', [['x-a', '\u{1f600}']] as [string, string][]],
  ])('%s cannot be sent', (_name, headers) => expect(ofText({ headers }).kind).toBe('bad'));
});

describe('redirects', () => {
  test.each([
    ['/u/other', 'ok'], ['other?x=1', 'ok'], ['https://portico.test/u/x', 'ok'], ['https://evil.example/', 'bad'],
    ['//evil.example/', 'bad'], ['\\\\evil.example', 'bad'], ['/\\evil.example', 'bad'], ['http://portico.test/', 'bad'], ['https://portico.test@evil.example/', 'bad'],
    ['https://portico.test.evil.example/', 'bad'], ['https://shop.example/x', 'ok'], ['http://shop.example/', 'bad'], ['https://shop.example:444/', 'bad'],
    ['https://a.partner.example/', 'ok'], ['https://partner.example/', 'bad'], ['https://evilpartner.example/', 'bad'], ['http://localhost:3000/cb', 'ok'],
    ['http://localhost:3001/', 'bad'], ['https://shop.example@evil.example/', 'bad'], ['https://u:p@shop.example/', 'bad'], ['https://shop.example./', 'bad'], ['javascript:alert(1)', 'bad'], ['data:text/html,x', 'bad'], ['https://portico.test:444/', 'bad'], ['http://[', 'bad'],
  ])('to %s: %s', (location, wanted) => {
    expect(ofText({ kind: 'none', body: '', status: 302, headers: [['location', location]] }).kind).toBe(wanted);
  }); // oxfmt-ignore
  test('the refusal names the setting', () => {
    const answer = ofText({ kind: 'none', body: '', status: 302, headers: [['location', 'https://evil.example/']] });
    expect(reasonOf(answer)).toContain('response.redirects');
  });
  test('"*" allows redirects to any https host', () => {
    const to = (location: string): string =>
      ofText(
        { kind: 'none', body: '', status: 302, headers: [['location', location]] },
        { ...POLICY, redirects: ['*'] },
      ).kind;
    expect(['https://any.example/', 'http://any.example/', 'http://localhost/', 'javascript:alert(1)'].map(to)).toEqual(
      ['ok', 'bad', 'bad', 'bad'],
    );
  });
});

test('a body is held to its limit in bytes', () => {
  expect(ofText({ body: 'x'.repeat(100) }).kind).toBe('ok');
  expect(ofText({ body: 'x'.repeat(101) }).kind).toBe('bad');
  expect(ofText({ body: 'é'.repeat(50) }).kind).toBe('ok');
  expect(ofText({ body: 'é'.repeat(51) }).kind).toBe('bad');
  const long = new Response('x', { headers: { 'content-type': 'text/plain', 'content-length': '101' } });
  expect(ofResponse(long).kind).toBe('bad');
});
