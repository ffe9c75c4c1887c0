import * as z from 'zod';
import type { Context } from '../../core/access/context';
import type { Permission } from '../../core/access/permissions';
import type { IfMatch } from '../../core/access/revision';
import type { Verb } from '../../core/access/verb';
import type { WireRoute } from './wire';

type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

export interface RouteInput<P, Q, B, M> {
  params: Output<P>;
  query: Output<Q>;
  body: Output<B>;
  /** The body of a route that takes `text`. */
  text: { type: string; text: string } | undefined;
  /** Only where the route declares it. */
  ifMatch: M extends true ? IfMatch : undefined;
  /** The bearer of a public route, unread: bootstrap has a credential of its own. */
  bearer: string | null;
}
export interface RouteAnswer {
  /** 200 when left out. */
  status?: number;
  body?: unknown;
  /** Beside those that every response has. */
  headers?: Record<string, string>;
  statusText?: string;
  /** Instead of a JSON body: a file, streamed. */
  file?: { type: string; filename: string; body: ReadableStream<Uint8Array> };
}

/**
 * A route that schemas describe, of the admin API or of the Instabase dialect: what it takes, who may use it, what it answers, and the
 * verb behind it. The same value is mounted, checked for a policy and described in /openapi.json. Its `id` is the `operationId`: generated
 * clients have a method of that name, so it never changes.
 */
export interface Route extends WireRoute<AnyInput, RouteAnswer> {
  policy: Permission | 'public';
  tag: string;
  summary: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Takes a text of one of these types instead of JSON. */
  text?: { types: readonly string[]; maxBytes: number };
  /** Types of a 200 that is a file. */
  files?: readonly string[];
  /** The answer's body by status; null: none. */
  answers: Partial<Record<200 | 201 | 204, z.ZodType | null>>;
  /** True where a POST changes rows of tables: its first answer is then kept beside them. */
  changesRows?: boolean;
  /** True where `If-Match` is checked, against the revision of what the route changes. */
  ifMatch?: boolean;
  /** What the route changes, as its GET answers it: a body may have fields of it that it does not take, unchanged. Null: not there yet. */
  stored?: (ctx: Context, params: unknown) => Promise<object | null>;
  /** True where a POST changes nothing, or must not be replayed: signing in, say. */
  notReplayable?: boolean;
}
/** The input of a route whose schemas are not known. */
export type AnyInput = Omit<RouteInput<z.ZodType, z.ZodType, z.ZodType, true>, 'ifMatch'> & {
  ifMatch: IfMatch | undefined;
};

/** Declares a route of a verb, whose permission is its policy. `args` and `run` get the input as the schemas type it. */
export function route<
  P extends z.ZodObject | undefined,
  Q extends z.ZodObject | undefined,
  B extends z.ZodType | undefined,
  V extends Verb,
  M extends boolean | undefined = undefined,
>(
  spec: Omit<Route, 'params' | 'query' | 'body' | 'ifMatch' | 'stored' | 'policy' | 'run'> & {
    params?: P;
    query?: Q;
    body?: B;
    ifMatch?: M;
    stored?: (ctx: Context, params: Output<P>) => Promise<object | null>;
  } & Performed<RouteInput<P, Q, B, M>, V>,
): Route {
  const { verb, args, toBody, ...rest } = spec;
  const run = async (ctx: Context, input: RouteInput<P, Q, B, M>): Promise<RouteAnswer> => {
    const result = await verb(ctx, ...(args!(input) as never[]));
    if (spec.files) return { file: result as NonNullable<RouteAnswer['file']> };
    const status = Number(Object.keys(spec.answers)[0]);
    return { status, body: toBody ? toBody(result as Result<V>) : result };
  };
  // Its `run` takes narrower inputs than `Route` says; it is only ever given what its own schemas have read.
  return { policy: verb.permission, run, ...rest } as unknown as Route;
}

type Arguments<V> = V extends (ctx: Context, ...args: infer A) => unknown ? A : never;
type Result<V> = V extends (...args: never[]) => Promise<infer R> ? R : never;

/** What a route does, for the actors who have the permission of `verb`. */
type Performed<Input, V> = { verb: V } & (
  | {
      /** Makes the arguments of the verb; its result is the body, with the first status of `answers`. */
      args: (input: Input) => [...Arguments<V>];
      /** Makes the body from the result, where they differ. */
      toBody?: (result: Result<V>) => unknown;
      run?: undefined;
    }
  | {
      /** For what needs more than a call of the verb. */
      run: (ctx: Context, input: Input) => Promise<RouteAnswer>;
      args?: undefined;
      toBody?: undefined;
    }
);

/** The `:id` of a route. */
export const IdParams = z.strictObject({ id: z.string().min(1).max(64) });
