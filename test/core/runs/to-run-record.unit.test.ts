import { describe, expect, test } from 'vitest';
import { generateKey } from '../../../src/core/identity/keys/key-value.rules';
import { RECORD_BYTES, toStoredRun } from '../../../src/core/runs/stored-run.rules';
import { keepBytes, keepText, READ_BYTES } from '../../../src/core/runs/redact-body';
import { NOTHING_HIDDEN } from '../../../src/core/runs/redact.rules';
import { toRunRecord, toStartedRecord, type FinishedCall } from '../../../src/core/runs/to-run-record';
import type { StoredRun } from '../../../src/core/runs/run-log';
import { RunDetail } from '../../../src/core/runs/run.schema';
import { compileSecrets } from '../../../src/core/runs/secret-forms.rules';
import type { StepLine } from '../../../src/runtime/types';

const KEY = generateKey();
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const detailOf = ({ detail }: StoredRun): RunDetail => JSON.parse(detail) as RunDetail;

const finished = (changes: Partial<FinishedCall> = {}): FinishedCall => ({
  id: 'run_1',
  endpointId: 'ep_1',
  endpointPath: 'quote',
  handlerVersion: 3,
  handlerPath: 'pricing/quote.ts',
  kind: 'live',
  outcome: 'success',
  startedAt: 1_700_000_000_000,
  staleMs: 0,
  via: null,
  isCached: false,
  endedAt: 1_700_000_000_042,
  timing: { authMs: 1, runMs: 40, afterMs: 1 },
  instance: { mode: 'pooled', cold: true },
  caller: { kind: 'key', id: 'key_1' },
  executorId: 'usr_1',
  request: {
    method: 'POST',
    path: '/u/quote',
    query: 'a=1',
    headers: new Headers({ 'x-api-key': KEY, accept: '*/*', 'cf-ray': 'x', 'x-forwarded-for': '192.0.2.1' }),
    body: keepText('{"name":"Ada"}'),
  },
  response: {
    status: 200,
    headers: new Headers({ 'content-type': 'application/json' }),
    body: keepText('{"ok":true}'),
  },
  error: null,
  report: { logs: [[5, 'info', 'hello']], logsCut: false, steps: [], chars: 0, lateError: null },
  outbound: [],
  log: 'full',
  hidden: NOTHING_HIDDEN,
  sensitiveValues: [],
  sensitiveSegments: new Set(),
  ...changes,
});
const stepWith = (input: unknown): StepLine => ({
  id: 's',
  action: 'set',
  outcome: 'success',
  startedMs: 0,
  durationMs: 0,
  input,
});

test('a record holds what was sent, what was answered and when, and fits its schema', () => {
  const row = toRunRecord(finished());
  expect(row).toEqual({
    id: 'run_1',
    endpointId: 'ep_1',
    endpointPath: 'quote',
    handlerVersion: 3,
    handlerPath: 'pricing/quote.ts',
    kind: 'live',
    outcome: 'success',
    status: 200,
    startedAt: 1_700_000_000_000,
    durationMs: 42,
    callerKind: 'key',
    callerId: 'key_1',
    executorId: 'usr_1',
    errorCode: null,
    failedStep: null,
    calls: 1,
    detail: {
      timing: { authMs: 1, runMs: 40, afterMs: 1 },
      instance: { mode: 'pooled', cold: true },
      request: {
        method: 'POST',
        path: '/u/quote',
        query: 'a=1',
        headers: { accept: '*/*', 'x-api-key': '[redacted]' },
        body: '{"name":"Ada"}',
        bytes: 14,
      },
      response: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}', bytes: 11 },
      error: null,
      logs: [{ at: '2023-11-14T22:13:20.005Z', level: 'info', message: 'hello' }],
      steps: [],
      outbound: [],
      truncated: false,
    },
  });
  expect(RunDetail.safeParse(row.detail).success).toBe(true);
});

test('a record shows the age of a definition that was used because the database was unavailable', () => {
  for (const log of ['full', 'metadata', 'audited'] as const) {
    const { detail } = toRunRecord(finished({ staleMs: 61_000, log }));
    expect(RunDetail.parse(detail)).toMatchObject({ staleMs: 61_000 });
  }
});

describe('a secret is in no part of a record', () => {
  const places: [string, Partial<FinishedCall>][] = [
    ['path', { request: { ...finished().request, path: `/u/app/${KEY}` } }],
    ['path, encoded', { request: { ...finished().request, path: `/u/app/${KEY.replace('_', '%5F')}` } }],
    ['query', { request: { ...finished().request, query: `x=${KEY}` } }],
    ['header', { request: { ...finished().request, headers: new Headers({ 'x-other': KEY }) } }],
    ['body', { request: { ...finished().request, body: keepText(JSON.stringify({ a: [{ b: KEY }] })) } }],
    ['answer', { response: { ...finished().response, body: keepText(`it is ${KEY}`) } }],
    ['answer header', { response: { ...finished().response, headers: new Headers({ 'x-other': KEY }) } }],
    ['error name', { error: { code: 'handler_error', name: KEY, message: '', stack: '' } }],
    ['error message', { error: { code: 'handler_error', name: '', message: `no ${KEY}`, stack: '' } }],
    ['error stack', { error: { code: 'handler_error', name: '', message: '', stack: `at ${KEY}` } }],
    ['log', { report: { ...finished().report, logs: [[1, 'info', `{"x":"${KEY}"}`]] } }],
    ['step', { report: { ...finished().report, steps: [stepWith({ deep: [KEY] })] } }],
  ];
  test.each(places)('by its look: %s', (_place, changes) => {
    for (const log of ['full', 'metadata', 'audited'] as const)
      expect(JSON.stringify(toRunRecord(finished({ ...changes, log })))).not.toContain(KEY.slice(14));
  });
  test.each(places)('by its value: %s', (_place, changes) => {
    const secret = `custom "value" & more ${'x'.repeat(20)}`;
    const planted = JSON.parse(
      JSON.stringify(changes, (_name, value: unknown) => (value instanceof Headers ? [...value] : value))
        .replaceAll(KEY, JSON.stringify(secret).slice(1, -1))
        .replaceAll(KEY.replace('_', '%5F'), encodeURIComponent(secret)),
      (name, value: unknown) => (name === 'headers' ? new Headers(value as [string, string][]) : value),
    ) as Partial<FinishedCall>;
    expect(
      JSON.stringify(
        toRunRecord(finished({ ...planted, hidden: { names: new Set(), secrets: compileSecrets([secret]) } })),
      ),
    ).not.toContain('xxxxx');
  });
  test('a path segment that is a sensitive parameter', () => {
    const request = { ...finished().request, path: '/u/app/open/4711' };
    const { path } = toRunRecord(finished({ request, sensitiveSegments: new Set([4]) })).detail.request;
    expect(path).toBe('/u/app/open/[redacted]');
  });
});

test('metadata keeps no content', () => {
  const error = { code: 'handler_error', name: 'Error', message: 'content', stack: 'content' };
  const report = {
    ...finished().report,
    logs: [[0, 'info', 'content'] as const].map((l) => [...l] as [number, 'info', string]),
    steps: [stepWith('content')],
  };
  const request = {
    ...finished().request,
    query: 'q=content',
    body: keepText('content'),
    headers: new Headers({ a: 'content' }),
  };
  const response = { status: 200, headers: new Headers({ a: 'content' }), body: keepText('content') };
  const row = toRunRecord(finished({ error, report, request, response, log: 'metadata' }));
  expect(JSON.stringify(row)).not.toContain('"content"');
  expect(row.detail).toMatchObject({ request: { bytes: 7 }, response: { bytes: 7 }, error: { name: 'Error' } });
});

describe('sizes', () => {
  test('bodies are kept to 8 KiB, with the length of the whole', () => {
    const answer = (text: string): RunDetail =>
      toRunRecord(finished({ response: { ...finished().response, body: keepText(text) } })).detail;
    expect(answer('x'.repeat(8192))).toMatchObject({
      truncated: false,
      response: { bytes: 8192, body: 'x'.repeat(8192) },
    });
    expect(answer('x'.repeat(9000))).toMatchObject({
      truncated: true,
      response: { bytes: 9000, body: 'x'.repeat(8192) },
    });
    expect(answer('é'.repeat(8000))).toMatchObject({
      truncated: true,
      response: { bytes: 16_000, body: 'é'.repeat(4096) },
    });
  });

  test('a very long body is read at its start', () => {
    expect(keepBytes(encode('x'.repeat(READ_BYTES)), null)).toMatchObject({ bytes: READ_BYTES, isCut: false });
    expect(keepBytes(encode(`x${'é'.repeat(READ_BYTES)}`), null)).toEqual({
      text: `x${'é'.repeat(READ_BYTES / 2 - 1)}`,
      bytes: 2 * READ_BYTES + 1,
      isCut: true,
    });
    expect(keepText('x'.repeat(READ_BYTES + 1))).toEqual({
      text: 'x'.repeat(READ_BYTES),
      bytes: READ_BYTES + 1,
      isCut: true,
    });
    expect(keepBytes(new Uint8Array([0xff, 0x41]), null)).toEqual({ text: '\ufffdA', bytes: 2, isCut: false });
  });

  const hostile = '\u0001'.repeat(70_000);
  test.each<[string, Partial<FinishedCall>]>([
    ['control characters', { report: { ...finished().report, logs: [[0, 'info', hostile.slice(0, 65_536)]] } }],
    [
      'ten thousand lines',
      { report: { ...finished().report, logs: Array.from({ length: 65_000 }, () => [0, 'info', '']) } },
    ],
    [
      'endless steps',
      { report: { ...finished().report, steps: Array.from({ length: 1000 }, () => stepWith(hostile.slice(0, 900))) } },
    ],
    ['an error', { error: { code: 'handler_error', name: hostile, message: hostile, stack: hostile } }],
    [
      'headers and bodies',
      {
        request: {
          method: 'POST',
          path: `/${'%01'.repeat(9000)}`,
          query: `a=${'"'.repeat(9000)}`,
          headers: new Headers(Array.from({ length: 200 }, (_, n) => [`x-${n}`, '"'.repeat(2000)] as [string, string])),
          body: keepBytes(encode(hostile), null),
        },
        response: {
          status: 200,
          headers: new Headers(Array.from({ length: 200 }, (_, n) => [`x-${n}`, '"'.repeat(2000)] as [string, string])),
          body: keepBytes(encode(hostile), null),
        },
        error: { code: 'handler_error', name: hostile, message: hostile, stack: hostile },
        report: {
          logs: [[0, 'info', hostile.slice(0, 65_536)]],
          logsCut: false,
          steps: [stepWith(hostile)],
          chars: 0,
          lateError: null,
        },
        outbound: Array.from({ length: 100 }, () => ({
          at: 0,
          method: '"'.repeat(20),
          host: '"'.repeat(253),
          status: null,
          refused: '"'.repeat(300),
        })),
      },
    ],
  ])('a record has at most 100 KB, whatever the handler does: %s', (_name, changes) => {
    const text = toStoredRun(toRunRecord(finished(changes)));
    expect(encode(text.detail).length).toBeLessThanOrEqual(RECORD_BYTES);
    expect(RunDetail.safeParse(detailOf(text)).success).toBe(true);
  });

  test('oversized detail is cut from the end and marked', () => {
    const logs = Array.from({ length: 5000 }, (_, n): [number, 'info', string] => [0, 'info', `line ${n}`]);
    const detail = detailOf(toStoredRun(toRunRecord(finished({ report: { ...finished().report, logs } }))));
    expect(detail.logs[0]!.message).toBe('line 0');
    expect(detail.logs.length).toBeGreaterThan(500);
    expect(detail.truncated).toBe(true);
  });

  test('a stored error message has at most 4 KiB', () => {
    const error = {
      code: 'handler_error',
      name: 'E'.repeat(500),
      message: 'm'.repeat(500_000),
      stack: 's'.repeat(500_000),
    };
    const kept = toRunRecord(finished({ error })).detail.error!;
    expect([kept.name.length, kept.message.length, kept.stack.length]).toEqual([200, 4096, 4096]);
  });
});

test.each([
  ['\u001b[31mred\u001b[0m', '\\u001b[31mred\\u001b[0m'],
  ['a\rb\u0000c\u0007', 'a\\u000db\\u0000c\\u0007'],
  ['tab\tand\nline stay', 'tab\tand\nline stay'],
  ['\u202Egnp.exe\u2066', '\\u202egnp.exe\\u2066'],
])('control characters of logs and errors are shown, not obeyed: %j', (text, wanted) => {
  const report = { ...finished().report, logs: [[0, 'info', text] as [number, 'info', string]] };
  const error = { code: 'handler_error', name: text, message: text, stack: text };
  const { detail } = toRunRecord(finished({ report, error }));
  expect([detail.logs[0]!.message, detail.error!.name, detail.error!.message, detail.error!.stack]).toEqual(
    Array(4).fill(wanted),
  );
});

test.each([[-1], [NaN], [1e300], [Infinity]])('a forged clock of %s leaves a log line at the start', (ms) => {
  const report = { ...finished().report, logs: [[ms, 'info', 'x'] as [number, 'info', string]] };
  expect(toRunRecord(finished({ report })).detail.logs[0]!.at).toBe('2023-11-14T22:13:20.000Z');
});

test('a started record has no end', () => {
  expect(toStartedRecord(finished())).toMatchObject({
    outcome: 'running',
    status: null,
    durationMs: null,
    detail: {
      response: null,
      logs: [],
      error: null,
      request: { body: '{"name":"Ada"}', headers: { 'x-api-key': '[redacted]' } },
    },
  });
});
