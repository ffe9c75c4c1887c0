import { describe, expect, it } from 'vitest';
import { OUTCOME_BYTES, packOutcome, unzipFolder, zipFolder } from '../../../src/runtime/harness/outcome.js';
import { readOutcome } from '../../../src/runtime/operations/operation-outcome';

const bytes = (text: string) => new TextEncoder().encode(text);
/** An outcome with any head and body. */
function packed(head: unknown, body = ''): ArrayBuffer {
  const text = bytes(JSON.stringify(head));
  const all = new Uint8Array([0, 0, 0, 0, ...text, ...bytes(body)]);
  new DataView(all.buffer).setUint32(0, text.byteLength);
  return all.buffer;
}

it('reads what a harness packed', () => {
  const outcome = readOutcome(
    packOutcome({ exitCode: 3, error: undefined }, [
      { kind: 'log', name: 'stdout', bytes: bytes('hello\n') },
      { kind: 'output', name: '__proto__', bytes: Uint8Array.of(0, 255) },
      { kind: 'output', name: 'empty', bytes: new Uint8Array() },
    ]),
  );
  expect(outcome).toMatchObject({ exitCode: 3, error: undefined });
  expect(new TextDecoder().decode(outcome.logs.get('stdout'))).toBe('hello\n');
  expect([...outcome.outputs.get('__proto__')!]).toEqual([0, 255]);
  expect(outcome.outputs.get('empty')!.byteLength).toBe(0);
});

it('outputs beyond the limit are a failure that keeps the logs', () => {
  const logs = [{ kind: 'log' as const, name: 'stdout', bytes: bytes('hello\n') }];
  const output = (size: number) => ({ kind: 'output' as const, name: 'out', bytes: new Uint8Array(size) });
  const fits = readOutcome(packOutcome({ exitCode: 0 }, [...logs, output(OUTCOME_BYTES - 1000)]));
  expect([fits.exitCode, fits.error, fits.outputs.get('out')!.byteLength]).toEqual([
    0,
    undefined,
    OUTCOME_BYTES - 1000,
  ]);
  const large = readOutcome(packOutcome({ exitCode: 0 }, [...logs, output(OUTCOME_BYTES - 10)]));
  expect(large).toMatchObject({ exitCode: 1, error: 'The outputs and logs have more than 32505856 bytes together' });
  expect([large.outputs.size, new TextDecoder().decode(large.logs.get('stdout'))]).toEqual([0, 'hello\n']);
});

describe('a malformed outcome is refused', () => {
  const blob = (over: object) => packed({ exitCode: 0, blobs: [{ kind: 'output', name: 'a', size: 1, ...over }] }, 'x');
  it.each<[string, unknown]>([
    ['no bytes', 'text'],
    ['too few bytes', new ArrayBuffer(3)],
    ['a head beyond the end', Uint8Array.of(0, 0, 0, 9, 1).buffer],
    ['a head of 2 GB', Uint8Array.of(127, 255, 255, 255, 1).buffer],
    ['no JSON', Uint8Array.of(0, 0, 0, 1, 65).buffer],
    ['null', packed(null)],
    ['no exit code', packed({ exitCode: '0', blobs: [] })],
    ['no blobs', packed({ exitCode: 0 })],
    ['a blob beyond the end', blob({ size: 2 })],
    ['a blob of less than nothing', blob({ size: -1 })],
    ['a blob of half a byte', blob({ size: 0.5 })],
    ['a blob without a name', blob({ name: 7 })],
    ['a blob of another kind', blob({ kind: 'x' })],
  ])('%s', (_, answer) => expect(() => readOutcome(answer)).toThrow());

  it('a blob of the largest size is accepted', () => expect(readOutcome(blob({})).outputs.size).toBe(1));
});

describe('folders as zip files', () => {
  it('come back as they were', () => {
    const files: [string, Uint8Array][] = [
      ['a.txt', bytes('a')],
      ['deep/er/b.bin', Uint8Array.of(0, 1)],
    ];
    expect(unzipFolder(zipFolder(files)).map(([path, content]) => [path, [...content]])).toEqual([
      ['a.txt', [97]],
      ['deep/er/b.bin', [0, 1]],
    ]);
  });
  it('stay inside their folder', () => {
    expect(() => unzipFolder(zipFolder([['../../etc/passwd', bytes('x')]]))).toThrow(/has the path/);
    expect(unzipFolder(zipFolder([['/etc/./passwd', bytes('x')]]))[0]![0]).toBe('etc/passwd');
  });
});
