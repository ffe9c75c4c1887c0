import { expect, test } from 'vitest';
import { readEvents } from '../../../../packages/cli/src/service/read-events.ts';

/** A stream of one chunk for each byte. */
const stream = (text: string): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: (controller) => {
      for (const byte of new TextEncoder().encode(text)) controller.enqueue(new Uint8Array([byte]));
      controller.close();
    },
  });

test('events are read from any chunks, without comments and times', async () => {
  const text =
    'retry: 1000\n\n:\n\nid: 1\nevent: run\ndata: {"a":"ü"}\n\nid: 2\r\nevent: run\r\ndata: x\r\ndata: y\r\n\r\nid: 3\ndata: cut';
  expect(await Array.fromAsync(readEvents(stream(text)))).toEqual([
    { id: '1', event: 'run', data: '{"a":"ü"}' },
    { id: '2', event: 'run', data: 'x\ny' },
  ]);
});

test('an event without an end is refused at 1 MiB', async () => {
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(100_000).fill(97)),
  });
  await expect(Array.fromAsync(readEvents(endless))).rejects.toThrow(RangeError);
});
