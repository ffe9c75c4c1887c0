import { expect, test } from 'vitest';
import { readAsset } from '../../../src/runtime/languages/python-assets.ts';

test('isolates that start at once share one copy of a file, and a file that could not be read is read again', async () => {
  const asked: string[] = [];
  const ASSETS = {
    fetch: async (url: string) => {
      asked.push(url);
      await Promise.resolve();
      return asked.length === 1 ? new Response(null, { status: 500 }) : new Response(new Uint8Array(8));
    },
  } as unknown as Fetcher;
  const FILES = {} as unknown as R2Bucket;
  const read = readAsset({ ASSETS, FILES });
  await expect(read('shared.bin')).rejects.toThrow('the Python runtime has no shared.bin');
  const copies = await Promise.all(Array.from({ length: 4 }, () => readAsset({ ASSETS, FILES })('shared.bin')));
  expect(new Set(copies).size).toBe(1);
  expect(await read('shared.bin')).toBe(copies[0]);
  expect(await read('other.bin')).not.toBe(copies[0]);
  expect(asked).toHaveLength(3);
});
