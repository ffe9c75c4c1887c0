import * as z from 'zod';
import { WorkflowName } from './value.schema';

/** A step as it stands in the JSON. Its other fields belong to its action. */
export interface Step {
  id: string;
  do: string;
  note?: string | undefined;
  [field: string]: unknown;
}

/** Steps below a step, and where they stand in it (`/then`, `/cases/0/steps`). */
export interface Block<S> {
  at: string;
  steps: readonly S[];
}

/**
 * What a step does to the order of steps; the checks know nothing else about an action.
 * - `next`: goes on. `answers`: the caller has an answer from here on, and the steps go on.
 * - `end`: nothing after it runs; `answered` tells whether the caller got an answer by it.
 * - `branches`: at most one block runs; exactly one when `exhaustive`.
 * - `loop`: the block runs any number of times; fields in `perRound` are evaluated at each of them; `item` when `loop.item` is there.
 * - `try`: `handler` runs when a step of `block` failed, with `error`.
 */
export type Flow<S> =
  | { kind: 'next'; answers?: boolean }
  | { kind: 'end'; answered: boolean }
  | { kind: 'branches'; blocks: Block<S>[]; exhaustive: boolean }
  | { kind: 'loop'; block: Block<S>; item: boolean; perRound: string[] }
  | { kind: 'try'; block: Block<S>; handler: Block<S> };

/** A code of the page, or of the shape checks before it. */
export type IssueCode =
  | 'invalid_json'
  | 'invalid_field'
  | 'too_deep'
  | 'unknown_reference'
  | 'maybe_missing'
  | 'duplicate_id'
  | 'unreachable_step'
  | 'no_response'
  | 'second_response'
  | 'loop_without_limit'
  | 'many_without_flag'
  | 'secret_not_allowed'
  | 'public_with_secret'
  | 'public_write'
  | 'middleware_cycle'
  | 'unknown_action'
  | 'bad_expression';

/** Reports an error at a field of the step in hand (`/where`, or '' for the step itself). */
export type ReportIssue = (at: string, code: IssueCode, message: string) => void;

/** What an action's code generation may ask of the compiler. All answers are JavaScript text. */
export interface CodeWriter {
  /** An expression for a value; `undefined` for one that is left out. */
  value(value: unknown): string;
  /** `() => ({ … })`: the step's input, evaluated when the step runs. Fields that are left out are left out. */
  input(fields: Record<string, unknown>): string;
  /** A value as a string literal, safe in code. */
  text(text: string): string;
  /** The statements of a block. */
  block(steps: readonly unknown[]): string;
  /** Puts an async function beside the handler, with `body` as its text, and answers a call of it over a variable `input`. */
  routine(id: string, body: string): string;
}

/** One action: the fields of its step, what it does to the order of steps, its own checks, and its code. */
export interface ActionOf<S> {
  name: string;
  title: string;
  fields(block: z.ZodType<Step[]>): z.ZodRawShape;
  /** It changes rows of a table. */
  writes?: boolean;
  /** `{"secret": …}` may stand in its values. */
  takesSecrets?: boolean;
  flow?(step: S): Flow<unknown>;
  check?(step: S, report: ReportIssue): void;
  /** The variable that it sets. */
  variable?(step: S): string;
  /** The handler that it calls. */
  calls?(step: S): string;
  /** Tables and hosts that it names, and the fields that name them. */
  mentions?(step: S): { at: string; kind: 'table' | 'host'; name: string }[];
  /** Text that is JavaScript of its own, not an expression: where it stands and what it is. */
  source?(step: S): { at: string; text: string };
  compile(step: S, code: CodeWriter): string;
}

/** An action as the list has it. Its methods are only given steps that its own schema has read. */
export interface Action extends ActionOf<Step> {
  /** Reads one step; blocks are left as they are, to be read step by step. */
  schema: z.ZodType<Step>;
}

const common = {
  id: WorkflowName,
  note: z.string().max(2_000).optional().meta({ description: 'A remark; it has no effect' }),
};

/** The schema of an action's step, with `block` for the steps below it. */
export function stepSchema(action: Pick<Action, 'name' | 'title' | 'fields'>, block: z.ZodType<Step[]>) {
  return z
    .strictObject({ do: z.literal(action.name), ...common, ...action.fields(block) })
    .meta({ title: action.title });
}

/** Makes an action of the list from its parts; the step's type follows from `fields`. */
export function defineAction<Shape extends z.ZodRawShape>(
  action: Omit<ActionOf<{ id: string } & z.infer<z.ZodObject<Shape>>>, 'fields'> & {
    fields(block: z.ZodType<Step[]>): Shape;
  },
): Action {
  // Blocks are read step by step, so that one bad step does not hide what the others have to say.
  const raw = z.array(z.unknown()) as z.ZodType<Step[]>;
  const schema: z.ZodType<Step> = z
    .strictObject({ do: z.literal(action.name), ...common, ...action.fields(raw) })
    .transform((step) => step as Step);
  // Its methods take a narrower step than `Step`; they are only ever given what `schema` has read.
  return { ...action, schema } as unknown as Action;
}
