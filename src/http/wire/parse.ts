import * as z from 'zod';
import { readQuery } from '../../core/gateway/urlencoded';
import { ApiError, quoted } from '../../kernel/errors';
import { invalidInput, summary, toIssues } from '../../kernel/issues';

/** Parses values of a URL. Throws 400 `invalid_parameter`, where an invalid body is 422. */
export function parseText<S extends z.ZodType>(schema: S, values: unknown, base: '#/path' | '#/query'): z.output<S> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const issues = toIssues(parsed.error, base);
  throw new ApiError(
    'invalid_parameter',
    summary(issues, (at) => at.slice(base.length + 1), ': '),
    { issues },
  );
}

/** Parses a body. Throws 422 with every issue. */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalidInput(toIssues(parsed.error));
  return parsed.data;
}

/** Returns the query of a URL as pairs of name and value, in order. Throws 400 for one that is not UTF-8. */
export const queryPairs = (url: string): [string, string][] => [...readQuery(new URL(url).search.slice(1))];

/** Parses the query of a URL, each name at most once. Throws 400 for a name without a schema. */
export function parseQuery(schema: z.ZodObject | undefined, url: string): unknown {
  const values: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of queryPairs(url)) {
    if (name in values) throw givenTwice(name);
    values[name] = value;
  }
  return parseText(schema ?? z.strictObject({}), { ...values }, '#/query');
}

const givenTwice = (name: string): ApiError =>
  new ApiError('invalid_parameter', `${quoted(name)} is given twice.`, {
    issues: [{ pointer: `#/query/${name}`, code: 'invalid', message: 'is given twice' }],
  });
