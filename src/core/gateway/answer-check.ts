import { Validator, type Schema } from '@cfworker/json-schema';
import { DATA, NAMED, type JsonSchema } from '../parameters/json-schema.rules';

/** Live calls of which one is checked; after a failure the next one is, too. */
const CHECKED_OF = 100;
const MAX_QUOTED = 300;

/** Characters of a response that is checked: a longer one is not. */
const MAX_CHECKED_CHARS = 262_144;
/** Work of one check: a step for each part of the schema that is compared with a part of the response, and for each item that it lists. */
const MAX_STEPS = 100_000;

/** Returns what is wrong with the JSON of a response, or null; also null for a call that is not checked. `always`: it is checked. */
export type CheckAnswer = (text: string, always: boolean) => string | null;

/** Compiles the check of what a handler returns against the schema of its endpoint; null without one. Never on the path of a response. */
export function compileAnswerCheck(schema: JsonSchema | null): CheckAnswer | null {
  if (schema === null) return null;
  const issueOf = compileIssueOf(schema);
  let skip = 0;
  return (text, always) => {
    if (!always && skip > 0) {
      skip -= 1;
      return null;
    }
    const issue = text.length > MAX_CHECKED_CHARS ? null : issueOf(text);
    skip = issue === null ? CHECKED_OF - 1 : 0;
    return issue;
  };
}

function compileIssueOf(schema: JsonSchema): (text: string) => string | null {
  const budget = { left: 0 };
  let validator: Validator | undefined;
  return (text) => {
    budget.left = MAX_STEPS;
    try {
      validator ??= new Validator(counted(schema, budget), '2020-12');
      const { valid, errors } = validator.validate(JSON.parse(text));
      // The last error is the deepest: those before it say that what contains it is invalid.
      const found = errors.at(-1);
      if (valid || found === undefined) return null;
      return cut(`the response does not match response.schema: ${found.instanceLocation}: ${found.error}`);
    } catch (error) {
      // A schema that refers to itself without end or to a part that it lacks, has one id twice, or takes too many steps.
      if (error instanceof Error) return cut(`response.schema cannot be checked: ${error.message}`);
      throw error;
    }
  };
}

const cut = (text: string): string => text.slice(0, MAX_QUOTED);

/**
 * Keywords whose work grows faster than the response: an expression of an author must not compute on what callers send, in the isolate that
 * all calls share, and `uniqueItems` compares every two items. `$recursiveRef` is of an earlier draft.
 */
const LEFT_OUT = new Set(['pattern', 'patternProperties', 'uniqueItems', '$recursiveRef']);
/** Copies a schema without what is left out. Each of its parts takes from the budget when the validator reads it, and throws without one. */
function counted(schema: unknown, budget: { left: number }, areNames = false): Schema {
  if (Array.isArray(schema)) return schema.map((item) => counted(item, budget)) as unknown as Schema;
  if (typeof schema !== 'object' || schema === null) return schema as unknown as Schema;
  const copy: Schema = {};
  let cost = 1;
  for (const [name, value] of Object.entries(schema)) {
    if (!areNames && LEFT_OUT.has(name)) continue;
    cost += sizeOf(value);
    copy[name] = !areNames && DATA.has(name) ? value : counted(value, budget, !areNames && NAMED.has(name));
  }
  // A keyword that the validator reads at each visit. Not enumerable: nothing else sees it.
  if (!areNames) Object.defineProperty(copy, '$recursiveAnchor', { get: () => take(budget, cost) });
  return copy;
}

const sizeOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? Object.keys(value).length : 0;

function take(budget: { left: number }, cost: number): undefined {
  budget.left -= cost;
  if (budget.left < 0) throw new Error(`it takes more than ${MAX_STEPS} steps`);
}
