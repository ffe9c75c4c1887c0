import type { Answer } from '../../api/call';
import { parseExact } from '../../kit/exact-json.rules';

export type Parameter = Answer<'GET /admin/endpoints/:id'>['parameters'][number];

/** Types whose values are text, whatever it looks like. */
const TEXTS = new Set(['text', 'longtext', 'email', 'url', 'uuid', 'date', 'datetime', 'enum']);

/** Returns the text of a field for a parameter: its test value, else its default. */
export function toField({ type, test, default: byDefault }: Pick<Parameter, 'type' | 'test' | 'default'>): string {
  const value = test ?? byDefault;
  if (value === null || value === undefined) return '';
  return TEXTS.has(type) && typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * Returns the value that a text stands for: as JSON where the type is not one of text, and as it is where that does not parse: the service then
 * says what is wrong with it. Undefined for an empty text, so that the test value or the default counts.
 */
export function fromField({ type }: Pick<Parameter, 'type'>, text: string): unknown {
  if (text === '') return undefined;
  if (TEXTS.has(type)) return text;
  try {
    return parseExact(text);
  } catch {
    return text;
  }
}

/** Returns the values of a test run, by name. */
export const toValues = (
  parameters: readonly Parameter[],
  fields: Readonly<Record<string, string>>,
): Record<string, never> =>
  Object.fromEntries(
    parameters
      .map((one) => [one.name, fromField(one, fields[one.name] ?? toField(one))] as const)
      .filter(([, value]) => value !== undefined),
  ) as Record<string, never>;

/** Returns the line of the handler that a stack names first; null without one. */
export function lineOf(stack: string, path: string): number | null {
  const name = path.slice(path.lastIndexOf('/') + 1).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const found =
    new RegExp(`${name}[^\\n]{0,20}?(?::|", line )(\\d+)`).exec(stack) ?? /handler[^\n]{0,20}?:(\d+)/.exec(stack);
  return found ? Number(found[1]) : null;
}
