import { Validator, type Schema } from '@cfworker/json-schema';
import type { JsonSchema } from '../parameters/json-schema.rules';

/** Live calls of which one is checked; after a failure the next one is, too. */
const CHECKED_OF = 100;
const MAX_QUOTED = 300;

/** Returns what is wrong with the JSON of a response, or null; also null for a call that is not checked. `always`: it is checked. */
export type CheckAnswer = (text: string, always: boolean) => string | null;

/** Compiles the check of what a handler returns against the schema of its endpoint; null without one. Never on the path of a response. */
export function compileAnswerCheck(schema: JsonSchema | null): CheckAnswer | null {
  if (schema === null) return null;
  let validator: Validator | undefined;
  let skip = 0;
  return (text, always) => {
    if (!always && skip > 0) {
      skip -= 1;
      return null;
    }
    const issue = issueOf((validator ??= new Validator(withoutPatterns(schema), '2020-12')), text);
    skip = issue === null ? CHECKED_OF - 1 : 0;
    return issue;
  };
}

function issueOf(validator: Validator, text: string): string | null {
  try {
    const { valid, errors } = validator.validate(JSON.parse(text));
    // The last error is the deepest: those before it say that what contains it is invalid.
    const found = errors.at(-1);
    if (valid || found === undefined) return null;
    return `the response does not match response.schema: ${found.instanceLocation}: ${found.error}`.slice(
      0,
      MAX_QUOTED,
    );
  } catch (error) {
    // A schema that refers to itself without end, or to a part that it lacks.
    if (error instanceof Error) return `response.schema cannot be checked: ${error.message}`.slice(0, MAX_QUOTED);
    throw error;
  }
}

/** Removes patterns: an expression of an author must not compute on what callers send, in the isolate that all calls share. */
const withoutPatterns = (schema: JsonSchema): Schema =>
  JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === 'pattern' || key === 'patternProperties' ? undefined : value,
  ) as Schema;
