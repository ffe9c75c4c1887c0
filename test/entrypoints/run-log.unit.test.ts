import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { consumeRuns } from '../../src/entrypoints/run-log.queue';
import { createRunSink, pack } from '../../src/platform/run-sink';

const row = (id: number, text: string): string => JSON.stringify({ id: String(id), detail: { text } });
const rowsIn = (text: string): string[] => (JSON.parse(`[${text}]`) as object[]).map((each) => JSON.stringify(each));
const sizeOf = (text: string): number => new TextEncoder().encode(text).length;

test('every row is packed once, in order, and no list of more than one row is over the limit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 300 })),
      fc.integer({ min: 1, max: 2000 }),
      (texts, limit) => {
        const rows = texts.map((text, index) => row(index, text));
        const lists = pack(rows, limit);
        expect(lists.flatMap(rowsIn)).toEqual(rows);
        for (const list of lists) {
          if (rowsIn(list).length > 1) expect(sizeOf(list)).toBeLessThanOrEqual(limit);
        }
      },
    ),
  );
});

test('lists are filled: no two neighbours would fit into one', () => {
  const rows = Array.from({ length: 50 }, (_, index) => row(index, 'x'.repeat(100)));
  const lists = pack(rows, 1000);
  for (let i = 1; i < lists.length; i++) expect(sizeOf(`${lists[i - 1]},${rowsIn(lists[i]!)[0]}`)).toBeGreaterThan(999);
});

test('the queue gets at most 256 KB and messages of at most 128 KB in one call', async () => {
  const calls: number[][] = [];
  const queue = {
    sendBatch: async (messages: { body: string }[]) => void calls.push(messages.map(({ body }) => sizeOf(body))),
  } as unknown as Queue;
  await createRunSink(queue).send(Array.from({ length: 100 }, (_, index) => row(index, 'x'.repeat(50_000))));
  for (const sizes of calls) {
    expect(Math.max(...sizes)).toBeLessThan(128_000);
    expect(sizes.reduce((a, b) => a + b)).toBeLessThan(256_000);
  }
  expect(calls.flat().length).toBeGreaterThanOrEqual(50);
});

test('a batch that cannot be written is logged and retried with growing delays', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const delays: (number | undefined)[] = [];
  const deliver = (attempts: number, save: () => Promise<void>): Promise<void> => {
    const messages = [{ body: '{"id":"run_1"}', attempts }];
    const batch = {
      messages,
      retryAll: (options?: { delaySeconds?: number }) => void delays.push(options?.delaySeconds),
    };
    return consumeRuns(batch as unknown as MessageBatch<string>, { runs: { save } } as never);
  };
  for (const attempts of [1, 2, 5, 12]) await deliver(attempts, () => Promise.reject(new Error('D1 is away')));
  expect(delays).toEqual([5, 10, 80, 600]);
  expect(logged).toHaveBeenCalledTimes(4);
  expect(logged).toHaveBeenCalledWith(expect.stringMatching(/not written.*"tries":5,"delaySeconds":80.*D1 is away/));
  await deliver(1, () => Promise.resolve());
  expect(delays).toHaveLength(4);
  logged.mockRestore();
});
