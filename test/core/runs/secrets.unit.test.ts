import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toStoredRun } from '../../../src/core/runs/stored-run.rules';
import { keepBytes, keepText } from '../../../src/core/runs/redact-body';
import { NOTHING_HIDDEN, redactText } from '../../../src/core/runs/redact.rules';
import { toRunRecord, toStartedRecord, type FinishedCall } from '../../../src/core/runs/to-run-record';
import type { RunDetail } from '../../../src/core/runs/run.schema';
import { compileSecrets } from '../../../src/core/runs/secret-forms.rules';
import { readError, toReport } from '../../../src/runtime/envelope';

const reportOf = (fields: Record<string, unknown>) => toReport(fields, 0);

/*
 * Part of a secret that a record may hold: less than eight characters in a row, in whatever usual form, wherever it was and wherever the
 * record cuts.
 */
const WINDOW = 8;
/** Much is tried, on a machine that may be busy. */
const PATIENT = { timeout: 60_000 };

const toBytes = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
const base64 = (text: string): string => btoa(toBytes(text));
const urlSafe = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
const hex = (text: string): string =>
  Array.from(toBytes(text), (char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('');
const json = (text: string): string => JSON.stringify(text).slice(1, -1);
const asciiJson = (text: string): string =>
  json(text).replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
const form = (text: string): string => new URLSearchParams({ x: text }).toString().slice(2);
const html = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[char]!);

/** The usual forms of a text. The surroundings in base64 are such that the secret begins at each place of a group of three. */
const ENCODINGS: Record<string, (text: string) => string> = {
  plain: (text) => text,
  JSON: json,
  'JSON in ASCII': asciiJson,
  'twice JSON': (text) => json(json(text)),
  'JSON that PHP writes': (text) => json(text).replaceAll('/', '\\/'),
  URL: encodeURIComponent,
  'URL in lower case': (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  'strict URL': (text) => encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${hex(char).toUpperCase()}`),
  'twice URL': (text) => encodeURIComponent(encodeURIComponent(text)),
  'JSON in a URL': (text) => encodeURIComponent(json(text)),
  form,
  'twice form': (text) => form(form(text)),
  HTML: html,
  hex,
  'upper-case hex': (text) => hex(text).toUpperCase(),
  base64,
  base64url: (text) => urlSafe(base64(text)),
  'base64 of user:secret': (text) => base64(`user:${text}`),
  'base64 of u:secret@host': (text) => base64(`u:${text}@host`),
  'base64url of user:secret': (text) => urlSafe(base64(`use:${text}`)),
  'base64 in a URL': (text) => encodeURIComponent(base64(`ab${text}`)),
  'base64 in JSON of PHP': (text) => base64(text).replaceAll('/', '\\/'),
};

/** Every piece of eight characters that tells something of a secret: of itself, and of its forms where all of a piece is its own. */
function windowsOf(secret: string): Set<string> {
  const windows = new Set<string>();
  const add = (text: string): void => {
    for (let at = 0; at + WINDOW <= text.length; at++) windows.add(text.slice(at, at + WINDOW));
  };
  add(secret.toLowerCase());
  for (const encode of [ENCODINGS.plain!, json, encodeURIComponent, form, hex, ENCODINGS['upper-case hex']!])
    add(encode(secret));
  for (const before of ['', 'x', 'xx']) {
    const whole = base64(before + secret);
    const core = whole.slice(Math.ceil((before.length * 8) / 6), Math.floor((toBytes(before + secret).length * 8) / 6));
    add(core);
    add(urlSafe(core));
  }
  return windows;
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => [name, ...textsOf(item)]);
}

const base: FinishedCall = {
  id: 'run_1',
  endpointId: 'ep_1',
  endpointPath: 'x',
  handlerVersion: 1,
  handlerPath: 'x.js',
  kind: 'live',
  outcome: 'success',
  startedAt: 1_700_000_000_000,
  staleMs: 0,
  via: null,
  isCached: false,
  endedAt: 1_700_000_000_042,
  timing: { authMs: 1, runMs: 1, afterMs: 1 },
  instance: { mode: 'pooled', cold: false },
  caller: { kind: 'anonymous', id: null },
  executorId: 'usr_1',
  request: { method: 'POST', path: '/u/x', query: '', headers: new Headers(), body: null },
  response: { status: 200, headers: new Headers(), body: null },
  error: null,
  report: reportOf({}),
  outbound: [],
  log: 'full',
  hidden: NOTHING_HIDDEN,
  sensitiveValues: [],
  sensitiveSegments: new Set(),
};
const typed = (type: string): Headers => new Headers({ 'content-type': type });
const asked = (parts: Partial<FinishedCall['request']>): Partial<FinishedCall> => ({
  request: { ...base.request, ...parts },
});
const answered = (parts: Partial<FinishedCall['response']>): Partial<FinishedCall> => ({
  response: { ...base.response, ...parts },
});
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
/** The start of a stream whose end the record does not get. */
const streamed = (text: string, kept: number) => keepBytes(bytesOf(text).subarray(0, kept), null, bytesOf(text).length);
const isHeaderValue = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);
const crash = (parts: object): Partial<FinishedCall> => ({
  error: { code: 'handler_error', ...readError({ name: 'Error', message: '', stack: '', ...parts })! },
});

/** Places of a text in a call, and the number of characters after which the record or the isolate cuts there. */
const PLACES: { name: string; limits: number[]; put: (text: string) => Partial<FinishedCall> }[] = [
  {
    name: 'JSON body',
    limits: [8192, 16_384, 262_144],
    put: (text) =>
      asked({ headers: typed('application/json'), body: keepText(JSON.stringify({ a: [1, { b: text }], z: 0 })) }),
  },
  {
    name: 'JSON body beside what is sensitive',
    limits: [8192, 16_384, 262_144],
    put: (text) =>
      asked({ headers: typed('application/json'), body: keepText(JSON.stringify({ token: 'x', b: text })) }),
  },
  {
    name: 'member of a JSON answer',
    limits: [8192],
    put: (text) =>
      answered({ headers: typed('application/json'), body: keepText(JSON.stringify([{ [text]: 'token' }])) }),
  },
  {
    name: 'text answer',
    limits: [8192],
    put: (text) => answered({ headers: typed('text/plain'), body: keepText(text) }),
  },
  { name: 'bytes of an answer', limits: [8192], put: (text) => answered({ body: keepBytes(bytesOf(text), null) }) },
  { name: 'streamed answer', limits: [8192], put: (text) => answered({ body: streamed(text, 8192) }) },
  {
    name: 'streamed JSON',
    limits: [4000],
    put: (text) => answered({ headers: typed('application/json'), body: streamed(JSON.stringify({ b: text }), 4000) }),
  },
  {
    name: 'form',
    limits: [8192],
    put: (text) =>
      asked({ headers: typed('application/x-www-form-urlencoded'), body: keepText(`a=1&b=${form(text)}&token=x`) }),
  },
  {
    name: 'multipart',
    limits: [8192],
    put: (text) =>
      asked({
        headers: typed('multipart/form-data; boundary=b'),
        body: keepText(`--b\r\ncontent-disposition: form-data; name="n"\r\n\r\n${text}\r\n--b--`),
      }),
  },
  { name: 'query', limits: [2048], put: (text) => asked({ query: `a=1&b=${encodeURIComponent(text)}` }) },
  { name: 'name in a query', limits: [2048], put: (text) => asked({ query: `${form(text)}=1&token=2` }) },
  { name: 'path', limits: [2048], put: (text) => asked({ path: `/u/x/${encodeURIComponent(text)}/y` }) },
  {
    name: 'header',
    limits: [1024, 8192],
    put: (text) =>
      asked({ headers: new Headers({ 'x-value': isHeaderValue(text) ? text : encodeURIComponent(text) }) }),
  },
  {
    name: 'header of an answer',
    limits: [1024],
    put: (text) => answered({ headers: new Headers({ etag: `"${isHeaderValue(text) ? text : base64(text)}"` }) }),
  },
  {
    name: 'name of a header',
    limits: [0],
    put: (text) => asked({ headers: new Headers(/^[\w!#$%&'*+.^`|~-]+$/.test(text) ? { [text]: '1' } : {}) }),
  },
  { name: 'log line', limits: [65_536], put: (text) => ({ report: reportOf({ logs: [[1, 'info', text]] }) }) },
  {
    name: 'log line that the isolate cut',
    limits: [65_536],
    put: (text) => ({ report: reportOf({ logs: [[1, 'info', text.slice(0, 65_536)]], logsCut: true }) }),
  },
  {
    name: 'object in a log line',
    limits: [1000],
    put: (text) => ({ report: reportOf({ logs: [[1, 'info', `saved {"a":[${JSON.stringify(text)}]} token=1`]] }) }),
  },
  { name: 'error message', limits: [4096], put: (text) => crash({ message: text }) },
  { name: 'error name', limits: [200], put: (text) => crash({ name: text }) },
  {
    name: 'stack',
    limits: [4096, 16_384],
    put: (text) => crash({ stack: `Error: ${text}\n    at f (handler.js:1:2)` }),
  },
  {
    name: 'traceback',
    limits: [4096],
    put: (text) => crash({ stack: `Traceback (most recent call last)\n${text}\n${'t'.repeat(4000)}` }),
  },
  {
    name: 'traceback that the isolate cut in its middle',
    limits: [2000],
    put: (text) =>
      crash({
        stack: `Traceback (most recent call last)\n${text.slice(0, 2000)}\n    …\n${text.slice(-1900).slice(0, 2000)}`,
      }),
  },
  {
    name: 'refusal',
    limits: [500],
    put: (text) => ({ error: { code: 'forbidden', name: 'ApiError', message: `no: ${text}`, stack: '' } }),
  },
  {
    name: 'step',
    limits: [1024],
    put: (text) => ({
      report: reportOf({ steps: [{ id: 's', action: 'set', input: { a: [text] }, output: { [text]: 1 } }] }),
    }),
  },
  {
    name: 'step that the isolate cut',
    limits: [1024],
    put: (text) => ({
      report: reportOf({ steps: [{ id: 's', input: `${text.slice(0, 1024)}… (${text.length} characters)` }] }),
    }),
  },
  {
    name: 'error of a step',
    limits: [4096, 200, 64],
    put: (text) => ({
      report: reportOf({ steps: [{ id: text, action: text, error: { name: text, message: text } }] }),
    }),
  },
  {
    name: 'outbound request',
    limits: [253, 20, 300],
    put: (text) => ({ report: reportOf({ outbound: [{ at: 1, method: text, host: text, refused: text }] }) }),
  },
];

/** Secrets of the kinds that there are: generated ones, phrases, connection strings, JSON, text in many scripts, many lines. */
const secrets = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{8,64}$/),
  fc.stringMatching(/^[A-Za-z0-9+/]{10,60}={0,2}$/),
  fc.string({ unit: fc.constantFrom(...'abcXYZ019 "\'\\/%&+=?#;:<>{}[],!()*~@é€😀'), minLength: 8, maxLength: 40 }),
  fc.string({ unit: 'grapheme', minLength: 8, maxLength: 30 }),
  fc
    .tuple(fc.stringMatching(/^[a-z]{3,8}$/), fc.stringMatching(/^[!-~]{8,20}$/))
    .map(([user, password]) => `postgres://${user}:${password}@db.example.com/main?sslmode=require`),
  fc
    .array(fc.stringMatching(/^[A-Za-z0-9+/]{20,64}$/), { minLength: 2, maxLength: 4 })
    .map((lines) => lines.join('\n')),
);

/** Surrounds a secret, and has no part of one. */
const FILLER = '~';

const planted = fc.record({
  secret: secrets.filter((text) => text.trim().length >= WINDOW && text.isWellFormed() && !text.includes(FILLER)),
  place: fc.constantFrom(...PLACES),
  encoding: fc.constantFrom(...Object.keys(ENCODINGS)),
  where: fc.double({ min: -0.2, max: 1.2, noNaN: true }),
  limit: fc.nat(3),
  around: fc.constantFrom('', ' ', '"', '\n', 'x=', '{"a":"'),
});

test(
  'no record holds eight characters of a secret, however it is written and wherever the record is cut',
  PATIENT,
  () => {
    fc.assert(
      fc.property(planted, ({ secret, place, encoding, where, limit: index, around }) => {
        const written = ENCODINGS[encoding]!(secret);
        const limit = place.limits[index % place.limits.length]!;
        // The limit lies within what is written, or close to it.
        const before = Math.max(0, limit - around.length - Math.round(where * written.length));
        const text = `${FILLER.repeat(before)}${around}${written}${FILLER.repeat(50)}`;
        const hidden = { names: new Set<string>(), secrets: compileSecrets(['other-secret-value', secret]) };
        const call = { ...base, ...place.put(text), hidden };
        const rows = [toStoredRun(toRunRecord(call)), { detail: JSON.stringify(toStartedRecord(call).detail) }];
        const stored = rows.flatMap(({ detail }) => textsOf(JSON.parse(detail) as RunDetail));
        const found = [...windowsOf(secret)].filter((window) => stored.some((part) => part.includes(window)));
        expect(found, `${place.name}, ${encoding}`).toEqual([]);
      }),
      { numRuns: 400 },
    );
  },
);

describe('values that are looked for', () => {
  const redact = (text: string, ...values: string[]): string =>
    redactText(text, { names: new Set(), secrets: compileSecrets(values) });

  test.each([
    ['two that overlap go as one', 'abcdefgh12345678zyxwvuts', ['abcdefgh12345678', '12345678zyxwvuts'], '[redacted]'],
    ['one within another', 'see hunter2-and-more now', ['hunter2', 'hunter2-and-more'], 'see [redacted] now'],
    ['one that overlaps itself', '<ababababab>', ['abababab'], '<[redacted]>'],
    ['each line of many', 'key: line-number-two!', ['line-number-one!\nline-number-two!\nx'], 'key: [redacted]'],
    ['without white space around', '<padded-value>', ['  padded-value\n'], '<[redacted]>'],
    [
      'an escape that was not needed',
      '\\u0068unter2-\\x61nd-more %68unter2-and-more &#104;unter2-and-more',
      ['hunter2-and-more!'],
      '\\u0068unter2-\\x61nd-more %68unter2-and-more &#104;unter2-and-more',
    ],
    [
      'escapes of any character',
      '\\u0068unter2! %68unter2%21 &#104;unter2&#x21;',
      ['hunter2!'],
      '[redacted] [redacted] [redacted]',
    ],
    ['bytes that Python shows', "b'caf\\xc3\\xa9-au-lait'", ['caf\u00e9-au-lait'], "b'[redacted]'"],
    ['three characters are ordinary text', 'abc', ['abc'], 'abc'],
    ['a mark of a cut', 'password is hunte…', ['hunter2'], 'password is …'],
    ['a mark with a length', 'it is hunter2-and… (900 characters)', ['hunter2-and-more'], 'it is … (900 characters)'],
    ['what is before a mark only', 'hunte… and hunte', ['hunter2'], 'hunte… and hunte'],
  ])('%s', (_name, text, values, wanted) => expect(redact(text, ...values)).toBe(wanted));

  test('a very long value is found in pieces, whole or cut', () => {
    const value = Array.from({ length: 9000 }, (_, n) => `item ${n};`).join('');
    expect(redact(`<${value}>`, value)).toMatch(/^<(\[redacted\])+>$/);
    const cut = redactText(value.slice(100, 40_000), { names: new Set(), secrets: compileSecrets([value]) }, true);
    expect(cut.length).toBeLessThan(20_000);
  });

  // In the square of its length it would take minutes.
  test('hostile values and texts take linear time', PATIENT, () => {
    const length = 30_000;
    for (const unit of ['a', 'ab', 'aab', '\\', '%25', '%', '\\\\"', '&amp;', '…', 'é', '=', '+/']) {
      const text = unit.repeat(length / unit.length);
      for (const value of [text.slice(0, 6000), `${text.slice(0, 6000)}b`, `b${text.slice(0, 6000)}`, text])
        redactText(text, { names: new Set(), secrets: compileSecrets([value]) }, true);
    }
  });
});
