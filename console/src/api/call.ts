import type { z } from 'zod';
import type { AdminRoute } from '../../../src/http/admin/admin.routes';
import { readEvents, type ServerEvent } from './events.rules';
import { read, type Answered } from './read';
import { fillPath, toQuery, type Text } from './path.rules';
import { readProblem, Unreachable } from './problem';
import { queryClient } from './query-client';
import { isSessionOver, renewSession } from './session-gate';

/*
 * The client of the admin API, typed by the routes of the service themselves. Types only: nothing of the service is in the bundle. A
 * change of a route that the console does not follow does not compile.
 */

type Routes = { [R in AdminRoute as `${Uppercase<R['method']>} ${R['path']}`]: R };
/** A method and a path, such as `GET /admin/runs/:id`. */
export type RouteName = keyof Routes;

type Inputs<K extends RouteName> = NonNullable<Routes[K]['inputs']>;
type Sent<S> = S extends z.ZodType ? z.input<S> : never;
type Given<Name extends string, S> = [S] extends [z.ZodType]
  ? Partial<Sent<S>> extends Sent<S>
    ? { [N in Name]?: Sent<S> }
    : { [N in Name]: Sent<S> }
  : unknown;

/** The inputs of a route: `params` of its path, `query`, `body`, and `ifMatch`, the revision that a change is based on. */
export type CallInput<K extends RouteName> = Given<'params', Inputs<K>['params']> &
  Given<'query', Inputs<K>['query']> &
  Given<'body', Inputs<K>['body']> &
  (Inputs<K>['ifMatch'] extends true ? { ifMatch?: number } : unknown) & {
    signal?: AbortSignal;
    /** Of a POST: a repeat with the same key within 24 hours makes nothing new and gets the first answer. */
    idempotencyKey?: string;
    /** The body of a route that takes a file. */
    file?: TextFile;
    /** Does not ask the user to sign in again when the session is over. */
    isSilent?: boolean;
    /** Of a GET: 404 is usual, and the browser does not log it as an error. */
    mayBeMissing?: boolean;
  };

type BodyOf<A> = A extends z.ZodType ? z.output<A> : undefined;
/** The body of a successful response. */
export type Answer<K extends RouteName> = BodyOf<Routes[K]['answers'][keyof Routes[K]['answers']]>;

/** The text of a file, and its media type. */
export interface TextFile {
  type: 'text/csv' | 'application/x-ndjson';
  text: string;
}

interface AnyInput {
  params?: Record<string, Text>;
  query?: Record<string, Text>;
  body?: unknown;
  ifMatch?: number;
  signal?: AbortSignal;
  idempotencyKey?: string;
  file?: TextFile;
  isSilent?: boolean;
  mayBeMissing?: boolean;
}

/**
 * Calls a route of the admin API. Rejects with a `Problem` for a refusal, and with `Unreachable` when no answer came. When the session is
 * over, the user signs in again over the screen, and the call is repeated.
 */
export async function call<K extends RouteName>(
  name: K,
  ...[input]: object extends CallInput<K> ? [CallInput<K>?] : [CallInput<K>]
): Promise<Answer<K>> {
  // Queries and paths are text; schemas that coerce declare their inputs as unknown.
  const response = await answerOf(name, (input ?? {}) as AnyInput);
  return (response.status === 204 ? undefined : await response.json()) as Answer<K>;
}

/** Calls a route that answers with server-sent events. `onEvent` is called for each as it arrives; resolves at their end. */
export async function callStream<K extends RouteName>(
  name: K,
  input: CallInput<K>,
  onEvent: (event: ServerEvent) => void,
): Promise<void> {
  const { body } = (await answerOf(name, input as AnyInput)) as Response;
  const { signal } = input as AnyInput;
  try {
    await readEvents(body!, onEvent);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable(error);
  }
}

async function answerOf(name: string, given: AnyInput): Promise<Answered> {
  for (;;) {
    const response = await send(name, given);
    if (response.ok) return response;
    const problem = await readProblem(response);
    // An admin may have taken a role away since the session was read: controls then show what is no longer permitted.
    if (problem.code === 'forbidden') void queryClient.invalidateQueries({ queryKey: ['session'] });
    if (given.isSilent || !isSessionOver(problem)) throw problem;
    await renewSession(problem);
  }
}

async function send(name: string, given: AnyInput): Promise<Answered> {
  const [method, template] = name.split(' ') as [string, string];
  const path = fillPath(template, given.params ?? {}) + toQuery(given.query ?? {});
  const headers: Record<string, string> = { accept: 'application/json' };
  const body = given.file?.text ?? (given.body === undefined ? undefined : JSON.stringify(given.body));
  if (body !== undefined) headers['content-type'] = given.file?.type ?? 'application/json';
  if (given.ifMatch !== undefined) headers['if-match'] = `"${given.ifMatch}"`;
  if (given.idempotencyKey !== undefined) headers['idempotency-key'] = given.idempotencyKey;
  try {
    if (method === 'GET') return await read(path, given);
    return await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body }),
      ...(given.signal ? { signal: given.signal } : {}),
    });
  } catch (error) {
    if (given.signal?.aborted) throw error;
    throw new Unreachable(error);
  }
}
