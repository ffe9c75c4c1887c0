import { Hono } from 'hono';
import type { Context } from '../../core/access/context';
import { Batch, ReadBatchInput } from '../../core/batch/batch.schema';
import { readBatch } from '../../core/batch/read-batch';
import { ApiError } from '../../kernel/errors';
import { route, type Route } from '../wire/route';
import { mountRoutes, type AppEnv } from '../wire/wire';
import { adminWire } from './wire';

/** The wire of a read inside a batch: that of the admin API, for the actor of the batch. */
const innerWire = { ...adminWire, identify: ({ actor }: Context) => Promise.resolve(actor) };

/** Returns the function that answers a GET of one of `routes`. Routes that answer with a file, or need no credential, are none of them. */
function readerOf(routes: readonly Route[]): (ctx: Context, path: string) => Promise<{ status: number; text: string }> {
  const app = new Hono<AppEnv<{ ctx: Context }>>();
  app.use(async (c, next) => {
    c.set('ctx', c.env.ctx);
    await next();
  });
  const reads = routes.filter(({ method, policy, answers }) => method === 'get' && policy !== 'public' && answers[200]);
  mountRoutes(app, innerWire, reads);
  app.notFound((c) =>
    adminWire.renderError(
      new ApiError('not_found', 'No GET of this API that answers with JSON and needs a credential has this path.'),
      { requestId: c.env.ctx.requestId, isAmbient: false },
    ),
  );
  return async (ctx, path) => {
    const response = await app.fetch(new Request(ctx.origin + path), { ctx });
    return { status: response.status, text: await response.text() };
  };
}

/** Returns the route that answers several of the reads among `routes` in one response. */
export function batchRoutes(routes: readonly Route[]) {
  let read: ReturnType<typeof readerOf> | undefined;
  return [
    route({
      id: 'readBatch',
      method: 'post',
      path: '/admin/batch',
      verb: readBatch,
      tag: 'Batches',
      summary: 'Answer several reads in one response',
      body: ReadBatchInput,
      answers: { 200: Batch },
      notReplayable: true,
      run: async (ctx, { body }) => ({ file: await readBatch(ctx, body.paths, (read ??= readerOf(routes))) }),
    }),
  ] as const;
}
