import { describe, expect, it } from 'vitest';
import { readBatch } from '../../../src/core/batch/read-batch';
import { testContext } from '../../support/context';

const ctx = testContext();
const PATHS = Array.from({ length: 10 }, (_, at) => `/admin/${at}`);

/** Reads that end when they are told to. */
function openReads() {
  const begun: string[] = [];
  const ends = new Map<string, (answer: { status: number; text: string }) => void>();
  const read = (_: unknown, path: string): Promise<{ status: number; text: string }> => {
    begun.push(path);
    const { promise, resolve } = Promise.withResolvers<{ status: number; text: string }>();
    ends.set(path, resolve);
    return promise;
  };
  const end = (path: string): void => ends.get(path)!({ status: 200, text: '1' });
  return { begun, read, end };
}

/** The lines of a batch, one after the other. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, void> {
  for await (const part of body) yield new TextDecoder().decode(part);
}

describe('readBatch', () => {
  it('sends each answer as soon as there is one, whichever it is', async () => {
    const { read, end } = openReads();
    const lines = linesOf((await readBatch(ctx, PATHS.slice(0, 3), read)).body);
    expect((await lines.next()).value).toBe('{"answers":[\n');
    end('/admin/2');
    expect((await lines.next()).value).toBe('{"path":"/admin/2","status":200,"body":1}');
    end('/admin/0');
    expect((await lines.next()).value).toBe(',\n{"path":"/admin/0","status":200,"body":1}');
    end('/admin/1');
    await lines.next();
    expect((await lines.next()).value).toBe('\n]}\n');
    expect((await lines.next()).done).toBe(true);
  });

  it('has at most six reads in progress', async () => {
    const { begun, read, end } = openReads();
    const lines = linesOf((await readBatch(ctx, PATHS, read)).body);
    await lines.next();
    expect(begun).toEqual(PATHS.slice(0, 6));
    end('/admin/3');
    await lines.next();
    end('/admin/4');
    await lines.next();
    expect(begun.length).toBeLessThanOrEqual(8);
    expect(begun.slice(0, 7)).toEqual(PATHS.slice(0, 7));
    const left = lines.return();
    for (const path of begun) end(path);
    await left;
  });

  it('starts no further read once the client has left', async () => {
    const { begun, read, end } = openReads();
    const { body } = await readBatch(ctx, PATHS, read);
    const reader = body.getReader();
    await reader.read();
    const left = reader.cancel();
    for (const path of begun) end(path);
    await left;
    expect(begun).toEqual(PATHS.slice(0, 6));
  });

  it('is for those who sign in', async () => {
    const { read } = openReads();
    await expect(readBatch(testContext({ kind: 'anonymous', credential: 'none' }), PATHS, read)).rejects.toMatchObject({
      code: 'auth_required',
    });
  });
});
