import { Validator, type Schema } from '@cfworker/json-schema';
import { isObject } from '../../kernel/json.rules';
import { DATA, NAMED, type JsonSchema } from '../parameters/json-schema.rules';

/** Live calls of which one is checked; after a failure the next one is, too. */
const CHECKED_OF = 100;
const MAX_QUOTED = 300;

/** Characters of a response that is checked: a longer one is not. */
const MAX_CHECKED_CHARS = 262_144;
/**
 * Work of one check: a step for each part of the schema that is compared with a part of the response, and for each item that it lists. More
 * for each 4 members of an object that has many, 4 characters of values that the part has, and 1,024 characters of a string that it reads.
 */
const MAX_STEPS = 100_000;
const UNITS_OF_STEP = 4;
const CHARS_OF_STEP = 1024;
/** Members of an object whose reading counts. */
const MANY_MEMBERS = 32;

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
  const budget = { left: 0, longest: 0 };
  let validator: Validator | undefined;
  return (text) => {
    Object.assign(budget, { left: MAX_STEPS, longest: 0 });
    try {
      // A copy of a schema is one.
      validator ??= new Validator(counted(schema, budget) as Schema, '2020-12');
      const { valid, errors } = validator.validate(parseCounted(text, budget));
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
/** Keywords whose values are compared as they are, or written into an error. */
const WHOLE = new Set(['const', 'enum', 'dependentRequired', 'dependencies']);
/** Keywords that read the whole of a string. */
const READS_TEXT = ['const', 'enum', 'format', 'minLength', 'maxLength'];
/** Keywords that are compared with each item of a list. A boolean there would take no step. */
const OF_ITEMS = new Set(['items', 'additionalItems', 'unevaluatedItems', 'contains']);

/** The steps that are left, and the length of the longest string of the response. */
interface Budget {
  left: number;
  longest: number;
}

/** Parses a response. An object with many members takes from the budget when the validator lists them, which it does at each visit. */
function parseCounted(text: string, budget: Budget): unknown {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value === 'string') budget.longest = Math.max(budget.longest, value.length);
    if (!isObject(value)) return value;
    const members = Object.keys(value).length;
    if (members < MANY_MEMBERS) return value;
    return new Proxy(value, {
      ownKeys: (target) => {
        take(budget, Math.ceil(members / UNITS_OF_STEP));
        return Reflect.ownKeys(target);
      },
    });
  });
}

/** Copies a schema without what is left out. Each of its parts takes from the budget when the validator reads it, and throws without one. */
function counted(schema: unknown, budget: Budget, areNames = false): unknown {
  if (Array.isArray(schema)) return schema.map((item) => counted(item, budget));
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy: Record<string, unknown> = {};
  let cost = 1;
  for (const [name, value] of Object.entries(schema)) {
    if (!areNames && LEFT_OUT.has(name)) continue;
    cost += !areNames && WHOLE.has(name) ? JSON.stringify(value).length / UNITS_OF_STEP : sizeOf(value);
    const part = !areNames && OF_ITEMS.has(name) && typeof value === 'boolean' ? (value ? {} : { not: {} }) : value;
    copy[name] = !areNames && DATA.has(name) ? value : counted(part, budget, !areNames && NAMED.has(name));
  }
  const readsText = READS_TEXT.some((name) => name in copy);
  const get = () => take(budget, cost + (readsText ? budget.longest / CHARS_OF_STEP : 0));
  // A keyword that the validator reads at each visit. Not enumerable: nothing else sees it.
  if (!areNames) Object.defineProperty(copy, '$recursiveAnchor', { get });
  return copy;
}

const sizeOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? Object.keys(value).length : 0;

function take(budget: Budget, cost: number): undefined {
  budget.left -= cost;
  if (budget.left < 0) throw new Error(`it takes more than ${MAX_STEPS} steps`);
}
