import { streamParts } from '../../kernel/stream-parts';
import type { Context } from '../access/context';
import { verb } from '../access/verb';

/** Reads in progress at once: of the connections of one request, Cloudflare lets six wait for a response. */
const MAX_AT_ONCE = 6;

/** Answers a GET of one path as the admin API does, errors included. Never rejects. */
type Read = (ctx: Context, path: string) => Promise<{ status: number; text: string }>;

/**
 * Answers several reads as a stream of one JSON document, a line for each answer as soon as there is one. Each read needs its own permission.
 * While the client does not take answers, no further read starts.
 */
export const readBatch = verb(
  'batch.read',
  async (ctx, paths: readonly string[], read: Read): Promise<{ type: string; body: ReadableStream<Uint8Array> }> => ({
    type: 'application/json',
    body: await streamParts(linesOf(paths, (path) => read(ctx, path))),
  }),
);

async function* linesOf(
  paths: readonly string[],
  read: (path: string) => ReturnType<Read>,
): AsyncGenerator<string, void, void> {
  const waiting = [...paths];
  const reading = new Map<string, Promise<{ path: string; line: string }>>();
  const start = (): void => {
    while (reading.size < MAX_AT_ONCE && waiting.length > 0) {
      const path = waiting.shift()!;
      reading.set(
        path,
        read(path).then(({ status, text }) => ({
          path,
          line: `{"path":${JSON.stringify(path)},"status":${status},"body":${text}}`,
        })),
      );
    }
  };
  yield '{"answers":[\n';
  for (let comma = ''; ; comma = ',\n') {
    start();
    if (reading.size === 0) break;
    const { path, line } = await Promise.race(reading.values());
    reading.delete(path);
    yield comma + line;
  }
  yield '\n]}\n';
}
