import * as z from 'zod';
import type { Context } from '../../core/access/context';
import type { Permission } from '../../core/access/permitted.rules';
import type { IfMatch } from '../../core/access/revision';
import type { Verb } from '../../core/access/verb';
import type { WireRoute } from './wire';

type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

export interface RouteInput<P, Q, B, M> {
  params: Output<P>;
  query: Output<Q>;
  body: Output<B>;
  /** The body of a route that declares `text`. */
  text: { type: string; text: string } | undefined;
  /** The body of a route that declares `maxBytes`. */
  bytes: Uint8Array<ArrayBuffer> | undefined;
  /** Set only where the route declares it. */
  ifMatch: M extends true ? IfMatch : undefined;
  /** The bearer of a public route, unread: bootstrap has a credential of its own. */
  bearer: string | null;
  /** Position at which a client of server-sent events continues. */
  lastEventId: string | null;
}
export interface RouteAnswer {
  /** Default: 200. */
  status?: number;
  body?: unknown;
  /** Added to those of every response. */
  headers?: Record<string, string>;
  statusText?: string;
  /** A streamed file instead of a JSON body. */
  file?: { type: string; filename?: string; body: ReadableStream<Uint8Array> };
}

/**
 * A route that schemas describe, of the admin API or of the Instabase dialect: its inputs, policy, responses, and verb. The same value is
 * mounted, checked for a policy and described in /openapi.json. Its `id` is the `operationId`: generated clients have a method of that
 * name, so it never changes.
 */
export interface Route extends WireRoute<AnyInput, RouteAnswer> {
  policy: Permission | 'public';
  tag: string;
  summary: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Content types of a text body, instead of JSON. */
  text?: { types: readonly string[]; maxBytes: number };
  /** Limit of a body of any bytes, instead of JSON. */
  maxBytes?: number;
  /** Content types of a 200 that is a file. */
  files?: readonly string[];
  /** Schema of the response body by status; null: no body. */
  answers: Partial<Record<200 | 201 | 204, z.ZodType | null>>;
  /** True where a POST changes rows of tables: its first response is then stored with them. */
  changesRows?: boolean;
  /** True where `If-Match` is compared with the revision of the changed resource. */
  ifMatch?: boolean;
  /**
   * Returns the resource that the route changes, as its GET does: a body may repeat its read-only fields. Null: does not exist yet. `body` is
   * not checked.
   */
  stored?: (ctx: Context, params: unknown, query: unknown, body: object) => Promise<object | null>;
  /** True where a POST changes nothing, or must not be replayed, for example to sign in. */
  notReplayable?: boolean;
}
/** The input of a route of unknown schemas. */
export type AnyInput = Omit<RouteInput<z.ZodType, z.ZodType, z.ZodType, true>, 'ifMatch'> & {
  ifMatch: IfMatch | undefined;
};

/**
 * A route that keeps the types of its own method, path and schemas. A client infers from them what it may send and what it gets:
 * see console/src/api/call.ts.
 */
export type TypedRoute<Me, Pa, P, Q, B, A, M> = Omit<Route, 'method' | 'path' | 'answers'> & {
  method: Me;
  path: Pa;
  answers: A;
  /** Never set: the types of the inputs, where a schema may be missing. */
  readonly inputs?: { params: P; query: Q; body: B; ifMatch: M };
};

/** Declares a route of a verb, whose permission is its policy. `args` and `run` get the input as the schemas type it. */
export function route<
  Me extends Route['method'],
  Pa extends Route['path'],
  A extends Route['answers'],
  V extends Verb,
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  M extends boolean | undefined = undefined,
>(
  spec: Omit<
    Route,
    'method' | 'path' | 'answers' | 'params' | 'query' | 'body' | 'ifMatch' | 'stored' | 'policy' | 'run'
  > & {
    method: Me;
    path: Pa;
    answers: A;
    params?: P;
    query?: Q;
    body?: B;
    ifMatch?: M;
    stored?: (ctx: Context, params: Output<P>, query: Output<Q>, body: object) => Promise<object | null>;
  } & Performed<RouteInput<P, Q, B, M>, V>,
): TypedRoute<Me, Pa, P, Q, B, A, M> {
  const { verb, args, toBody, ...rest } = spec;
  const status = Number(Object.keys(spec.answers)[0]);
  const run = async (ctx: Context, input: RouteInput<P, Q, B, M>): Promise<RouteAnswer> => {
    const result = await verb(ctx, ...(args!(input) as never[]));
    if (spec.files) return { file: result as NonNullable<RouteAnswer['file']> };
    return { status, body: toBody ? toBody(result as Result<V>) : result };
  };
  // Its `run` takes narrower inputs than `Route` declares; it only ever gets inputs that its own schemas have parsed.
  return { policy: verb.permission, run, ...rest } as unknown as TypedRoute<Me, Pa, P, Q, B, A, M>;
}

type Arguments<V> = V extends (ctx: Context, ...args: infer A) => unknown ? A : never;
type Result<V> = V extends (...args: never[]) => Promise<infer R> ? R : never;

/** The action of a route, for actors who have the permission of `verb`. */
type Performed<Input, V> = { verb: V } & (
  | {
      /** Returns the arguments of the verb; its result is the body, with the first status of `answers`. */
      args: (input: Input) => [...Arguments<V>];
      /** Converts the result to the body, where they differ. */
      toBody?: (result: Result<V>) => unknown;
      run?: undefined;
    }
  | {
      /** For routes that need more than a call of the verb. */
      run: (ctx: Context, input: Input) => Promise<RouteAnswer>;
      args?: undefined;
      toBody?: undefined;
    }
);

/** Schema of the `:id` of a route. */
export const IdParams = z.strictObject({ id: z.string().min(1).max(64) });
