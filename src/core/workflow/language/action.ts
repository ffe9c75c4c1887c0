import * as z from 'zod';
import { WorkflowName } from './value.schema';

/** A step as it is in the JSON. Its other fields belong to its action. */
export interface Step {
  id: string;
  do: string;
  note?: string | undefined;
  [field: string]: unknown;
}

/** Steps within a step, and their pointer in it (`/then`, `/cases/0/steps`). */
export interface Block<S> {
  at: string;
  steps: readonly S[];
}

/**
 * Effect of a step on the order of steps, for the checks.
 * - `next`: continues. `answers`: the caller has a response from here on.
 * - `end`: nothing after it runs; `answered`: it responded to the caller.
 * - `branches`: at most one block runs; exactly one when `exhaustive`.
 * - `loop`: the block runs any number of times; fields in `perRound` are evaluated in each; `item`: `loop.item` exists.
 * - `try`: `handler` runs with `error` when a step of `block` failed.
 */
export type Flow<S> =
  | { kind: 'next'; answers?: boolean }
  | { kind: 'end'; answered: boolean }
  | { kind: 'branches'; blocks: Block<S>[]; exhaustive: boolean }
  | { kind: 'loop'; block: Block<S>; item: boolean; perRound: string[] }
  | { kind: 'try'; block: Block<S>; handler: Block<S> };

/** Codes of issues in a workflow; docs/workflows.md describes them. */
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

/** Reports an error at a field of the current step (`/where`, or '' for the step itself). */
export type ReportIssue = (at: string, code: IssueCode, message: string) => void;

/** Functions for an action's code generation. All return JavaScript text. */
export interface CodeWriter {
  /** Returns an expression for a value; `undefined` for one that is left out. */
  value(value: unknown): string;
  /** Returns `() => ({ … })`: the step's input, evaluated when the step runs. Omits undefined fields. */
  input(fields: Record<string, unknown>): string;
  /** Returns a text as a string literal, safe in code. */
  text(text: string): string;
  /** Returns the statements of a block. */
  block(steps: readonly unknown[]): string;
  /** Adds an async function with the text `body` to the module. Returns a call of it with a variable `input`. */
  routine(id: string, body: string): string;
}

/** One action: the fields of its step, its effect on the order of steps, its own checks, and its code. */
export interface ActionOf<S> {
  name: string;
  title: string;
  fields(block: z.ZodType<Step[]>): z.ZodRawShape;
  /** True when the action changes rows of a table. */
  writes?: boolean;
  /** True when its values may contain `{"secret": …}`. */
  takesSecrets?: boolean;
  flow?(step: S): Flow<unknown>;
  check?(step: S, report: ReportIssue): void;
  /** Returns the variable that the step sets. */
  variable?(step: S): string;
  /** Returns the handler that the step calls. */
  calls?(step: S): string;
  /** Returns the tables and hosts that the step names, and the fields that name them. */
  mentions?(step: S): { at: string; kind: 'table' | 'host'; name: string }[];
  /** Returns JavaScript source in the step (not an expression), and its pointer. */
  source?(step: S): { at: string; text: string };
  compile(step: S, code: CodeWriter): string;
}

/** An action in the list. Its methods get only steps that its schema has parsed. */
export interface Action extends ActionOf<Step> {
  /** Parses one step. Its blocks stay raw, to be read step by step. */
  schema: z.ZodType<Step>;
}

const common = {
  id: WorkflowName,
  note: z.string().max(2_000).optional().meta({ description: 'A remark; it has no effect' }),
};

/** Builds the schema of an action's step, with `block` for the steps within it. */
export function stepSchema(action: Pick<Action, 'name' | 'title' | 'fields'>, block: z.ZodType<Step[]>) {
  return z
    .strictObject({ do: z.literal(action.name), ...common, ...action.fields(block) })
    .meta({ title: action.title });
}

/** Defines an action; the type of its step follows from `fields`. */
export function defineAction<Shape extends z.ZodRawShape>(
  action: Omit<ActionOf<{ id: string } & z.infer<z.ZodObject<Shape>>>, 'fields'> & {
    fields(block: z.ZodType<Step[]>): Shape;
  },
): Action {
  // Blocks are read step by step, so that one bad step does not hide the issues of the others.
  const raw = z.array(z.unknown()) as z.ZodType<Step[]>;
  const schema: z.ZodType<Step> = z
    .strictObject({ do: z.literal(action.name), ...common, ...action.fields(raw) })
    .transform((step) => step as Step);
  // Its methods take a narrower step than `Step`, but get only steps that `schema` has parsed.
  return { ...action, schema } as unknown as Action;
}
