import { env, exports } from 'cloudflare:workers';
import type { z } from 'zod';
import { createEndpoint } from '../../src/core/publishing/endpoints/create-endpoint';
import { CreateEndpointInput, type Endpoint } from '../../src/core/publishing/endpoints/endpoint.schema';
import { createHandler } from '../../src/core/publishing/handlers/create-handler';
import { CreateHandlerInput, type Handler, type SavedHandler } from '../../src/core/publishing/handlers/handler.schema';
import { createKey } from '../../src/core/identity/keys/create-key';
import { CreateKeyInput, type KeyWithValue } from '../../src/core/identity/keys/key.schema';
import type { Run } from '../../src/core/runs/run.schema';
import { toRun } from '../../src/core/runs/get-run';
import { testContext } from './context';

let serial = 0;
/** A name that no other test uses. */
export const unique = (prefix: string): string => `${prefix}-${Date.now().toString(36)}-${++serial}`;

/** The user that test endpoints run as: the one behind `testContext()`. */
export async function ensureAdmin(): Promise<void> {
  await env.DB.prepare(
    `insert or ignore into users (id, name, password_hash, active, roles, revision, created_at, updated_at)
     values ('usr_admin', 'admin', 'none', 1, '["admin"]', 1, 0, 0)`,
  ).run();
}

export async function saveHandler(source: string, path = `${unique('handler')}.js`): Promise<SavedHandler> {
  return createHandler(testContext(), CreateHandlerInput.parse({ path, source }));
}

export type EndpointOptions = Omit<z.input<typeof CreateEndpointInput>, 'handler'>;

/** Saves a source and publishes it; public unless the options say otherwise. */
export async function publish(
  source: string,
  options: EndpointOptions = {},
  extension = 'js',
): Promise<{ endpoint: Endpoint; handler: Handler }> {
  await ensureAdmin();
  const handler = await saveHandler(source, `${unique('handler')}.${extension}`);
  const input = {
    path: unique('ep'),
    access: { level: 'public' as const },
    ...options,
    handler: { path: handler.path },
  };
  return { handler, endpoint: await createEndpoint(testContext(), CreateEndpointInput.parse(input)) };
}

export const makeKey = (input: Partial<z.input<typeof CreateKeyInput>> = {}): Promise<KeyWithValue> =>
  createKey(testContext(), CreateKeyInput.parse({ alias: unique('key'), ...input }));

/** A handler whose calls end when one of them has RELEASE as its parameters: when the test says so, and not after a time. */
export const HELD = `let isReleased = false;
export default async ({ release }) => {
  isReleased ||= release === true;
  while (!isReleased) await scheduler.wait(5);
  return 'done';
};`;
export const RELEASE = { release: true };

/** A request to the Worker, as a caller would send it. Its endpoint is in the cache when it begins. */
export async function call(path: string, init?: RequestInit): Promise<Response> {
  await readEndpoints(path);
  return callCold(path, init);
}

/** The same, where the request reads the endpoint itself. For calls that come one after the other. */
export const callCold = (path: string, init?: RequestInit): Promise<Response> =>
  exports.default.fetch(`https://portico.test${path}`, init);

/**
 * Reads the endpoints of a path into the cache. Calls that begin together share one read, and Vitest turns off the flag by which each would
 * continue as its own request (`handle_cross_request_promise_resolution`): they would all end with the first of them.
 */
async function readEndpoints(path: string): Promise<void> {
  const root = /^\/u\/([^/?]+)/.exec(path)?.[1];
  if (root === undefined) return;
  const { cache, now, defer } = testContext();
  await cache.routes.get(root, now(), defer);
}

export const postJson = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

/** The record of the run that an answer names; waits for it, on a busy machine longer than an admin would (2 s). */
export async function runOf(response: Response): Promise<Run> {
  const id = response.headers.get('x-run-id');
  if (id === null) throw new Error('the answer names no run');
  for (let i = 0; i < 2000; i++) {
    const record = await testContext().runLog.get(id);
    if (record && record.outcome !== 'running') return toRun(record);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`no record of ${id}`);
}
