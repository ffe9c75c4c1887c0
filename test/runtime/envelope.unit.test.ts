import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isEnvelope,
  ownFrames,
  readEnvelope,
  readError,
  readReport,
  toOutcome,
  toReport,
} from '../../src/runtime/envelope';

const envelope = (head: unknown, body = ''): string => `${JSON.stringify(head)}\n${body}`;

test('an envelope is a line of JSON and a body that is not looked at', () => {
  expect(readEnvelope('{"kind":"text"}\nline\n{"kind":"error"}')).toEqual({
    head: { kind: 'text' },
    body: 'line\n{"kind":"error"}',
    chars: 15,
  });
  expect(toOutcome(envelope({ kind: 'json', status: 201, headers: [['a', 'b']], cold: true, pending: 'run_1.1' }, '{"a":1}'))).toMatchObject({
    kind: 'text', format: 'json', status: 201, headers: [['a', 'b']], body: '{"a":1}', cold: true, pending: 'run_1.1',
  }); // oxfmt-ignore
});

test('an envelope of two parts is read as one of a line and a body', () => {
  const head = JSON.stringify({ kind: 'json', status: 201, headers: [['a', 'b']] });
  const body = '{\n"a":"\ud800"}';
  expect(toOutcome({ head, body })).toEqual(toOutcome(`${head}\n${body}`));
  expect(toOutcome({ head: '{"kind":"json"}', body })).toEqual(toOutcome(`{"kind":"json"}\n${body}`));
  expect(toOutcome({ head: '{"kind"', body })).toMatchObject({ kind: 'bad' });
  expect(toOutcome({ head: JSON.stringify({ x: 'x'.repeat(1_200_001) }), body })).toMatchObject({ kind: 'bad' });
});

test.each([[null], [1], [{}], [{ head: '{}' }], [{ head: 1, body: '' }], [{ head: '{}', body: {} }], [['{}', '']]])(
  '%j has not the form of an envelope',
  (answer) => expect(isEnvelope(answer)).toBe(false),
);

test.each([
  [''], ['{}'], ['no json\n'], ['[]\n'], ['null\n'], ['"kind"\n'], ['1\n'], ['{"kind":"json"\n}'], [`{"x":"${'x'.repeat(1_200_001)}"}\n`],
  [`${'['.repeat(500_000)}\n`],
])('%.30j… is not an envelope', (text) => {
  expect(toOutcome(text)).toMatchObject({ kind: 'bad', drain: null, pending: null });
}); // oxfmt-ignore

test.each([
  [{}, 'failed'],
  [{ kind: 'error' }, 'failed'],
  [{ kind: 'toString' }, 'failed'],
  [{ kind: ['json'] }, 'failed'],
  [{ kind: 'bad' }, 'bad'],
  [{ kind: 'error', error: 'text' }, 'failed'],
  [{ kind: 'error', error: { name: 1, message: {}, stack: [] } }, 'failed'],
])('%j is %s', (head, type) => {
  expect(toOutcome(envelope(head)).kind).toBe(type);
});

describe('forged fields are taken for absent', () => {
  test.each([
    [{ status: '200' }, { status: null }],
    [{ status: 200.5 }, { status: null }],
    [{ headers: 'set-cookie: a' }, { headers: [] }],
    [
      { headers: [['a'], ['a', 1], ['a', 'b', 'c'], null, 'ab', { 0: 'a', 1: 'b' }, ['x', 'y']] },
      { headers: [['x', 'y']] },
    ],
    [{ cold: 'yes' }, { cold: false }],
    [{ pending: 1 }, { pending: null }],
    [{ pending: 'x'.repeat(201) }, { pending: null }],
    [{ logs: 'text', steps: {} }, { report: { logs: [], steps: [] } }],
    [
      { logs: [[1, 'info'], ['1', 'info', 'x'], [1, 'root', 'kept'], null] },
      { report: { logs: [[1, 'info', 'kept']] } },
    ],
    [{ steps: [1, null, [], { id: 's' }] }, { report: { steps: [{ id: 's' }] } }],
  ])('%j', (fields, wanted) => {
    expect(toOutcome(envelope({ kind: 'text', ...fields }, 'x'))).toMatchObject(wanted);
  });
  test('an envelope has at most 64 headers and 1000 steps', () => {
    const headers = Array.from({ length: 100 }, (_, n) => [`x-${n}`, '']);
    const steps = Array.from({ length: 1500 }, () => ({}));
    const outcome = toOutcome(envelope({ kind: 'text', headers, steps }));
    expect(outcome).toMatchObject({ kind: 'text' });
    if (outcome.kind === 'text') expect([outcome.headers.length, outcome.report.steps.length]).toEqual([64, 1000]);
  });
  test('a report has the length of its JSON', () => {
    const steps = [{ id: 'a', input: 'x'.repeat(1000) }];
    const head = JSON.stringify({ kind: 'json', steps });
    expect(toOutcome(`${head}\n{}`).report.chars).toBe(head.length);
    expect(toOutcome('{"kind":"json"}\n{}').report.chars).toBe(0);
    const text = JSON.stringify({ logs: [[1, 'info', 'a']] });
    expect(readReport(text).chars).toBe(text.length);
  });
});

describe('logs', () => {
  const logsOf = (lines: unknown[]) => toReport({ logs: lines }, 0);
  const bytesOf = (lines: readonly (readonly [unknown, unknown, string])[]): number =>
    lines.reduce((sum, line) => sum + new TextEncoder().encode(line[2]).length, 0);

  test.each([
    ['one line', ['x'.repeat(10_000_000)]],
    ['lines', Array<string>(1000).fill('x'.repeat(1000))],
    ['characters of three bytes', Array<string>(100).fill('€'.repeat(1000))],
    ['empty lines', Array<string>(200_000).fill('')],
  ])('%s are cut at 64 KiB and marked', (_name, texts) => {
    const { logs, logsCut } = logsOf(texts.map((text) => [0, 'info', text]));
    expect(bytesOf(logs)).toBeLessThanOrEqual(65_536);
    expect(logs.length).toBeLessThanOrEqual(65_537);
    expect(logsCut).toBe(true);
  });
  test('a log of fewer lines is kept whole', () => {
    expect(logsOf([[1, 'warn', 'a'], [2, 'error', 'b']])).toMatchObject({ logs: [[1, 'warn', 'a'], [2, 'error', 'b']], logsCut: false }); // oxfmt-ignore
  });
  test('a forged time is none', () => {
    expect(readReport('{"logs":[[1e999,"info","a"],[-5,"info","b"],[2.5,"info","c"]]}').logs).toEqual([
      [0, 'info', 'a'],
      [0, 'info', 'b'],
      [3, 'info', 'c'],
    ]);
  });
  test('a report that is longer than any of the harness is not parsed', () => {
    const report = (chars: number) => `{"logsCut":true,"x":"${'x'.repeat(chars - 24)}"}`.padEnd(chars);
    expect(readReport(report(1_200_000)).logsCut).toBe(true);
    expect(readReport(report(1_200_001)).logsCut).toBe(false);
  });
});

test('errors are cut to size and keep only the frames of the handler', () => {
  const stack =
    'Error: x\n    at f (handler.js:1:2)\n    at call (main.js:9:9)\n    at Object.fetch (file:///srv/portico/src/index.ts:1:1)';
  expect(ownFrames(stack)).toBe('Error: x\n    at f (handler.js:1:2)');
  expect(readError({ name: 'E'.repeat(500), message: 'm'.repeat(9000), stack: '' })).toMatchObject({
    name: `${'E'.repeat(199)}…`,
    message: `${'m'.repeat(4095)}…`,
  });
  // An isolate that cuts by itself does not say so.
  expect(readError({ name: 'E', message: 'm'.repeat(4096), stack: '' })!.message).toBe(`${'m'.repeat(4095)}…`);
  const trace = `Traceback (most recent call last)\n${'t'.repeat(9000)}`;
  expect(ownFrames(trace)).toBe(`…${'t'.repeat(4095)}`);
  expect(readError({ name: '' })).toEqual({ name: 'Error', message: '', stack: '' });
});

test('any text of an isolate becomes a known outcome, without an exception', () => {
  const head = fc.dictionary(
    fc.constantFrom(
      'kind',
      'status',
      'headers',
      'logs',
      'steps',
      'error',
      'cold',
      'pending',
      'reason',
      'logsCut',
      '__proto__',
    ),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        head.map((value) => envelope(value, 'body')),
        fc.jsonValue().map((value) => envelope(value)),
      ),
      (text) => {
        const outcome = toOutcome(text);
        expect(['text', 'bad', 'failed', 'invalid', 'refused']).toContain(outcome.kind);
        for (const line of outcome.report.logs)
          expect(line.map((part) => typeof part)).toEqual(['number', 'string', 'string']);
        readReport(text);
      },
    ),
    { numRuns: 1000 },
  );
});
