import { parseExpression } from './expression.rules';
import type { ExpressionIssue, Reference } from './expression-reader.rules';
import { parseTemplate } from './template.rules';
import { EXPRESSION_CHARS, TEMPLATE_CHARS } from './value.schema';
import { pointerSegment } from '../../../kernel/json-pointer';
import { isSecretName } from '../../code/secret-name.schema';

/** Meaning of an object among values. */
type ValueForm =
  | { kind: 'expression'; text: string }
  | { kind: 'template'; text: string }
  | { kind: 'secret'; name: string }
  | { kind: 'malformed'; message: string }
  | { kind: 'literal' };

/** A computed value found in a step, with its pointer. */
export type FoundValue = { pointer: string } & (
  | { kind: 'expression' | 'template'; text: string; references: Reference[]; issues: ExpressionIssue[] }
  | { kind: 'secret'; name: string }
  | { kind: 'malformed'; message: string }
);

/** Returns the form of an object. `$` is never a field of a literal; `tpl` and `secret` may be, beside other fields or when not text. */
function formOf(value: object): ValueForm {
  const keys = Object.keys(value);
  if (Object.hasOwn(value, '$')) {
    const text = (value as { $: unknown }).$;
    if (keys.length > 1)
      return { kind: 'malformed', message: 'an object with $ is an expression and must not have other fields' };
    if (typeof text !== 'string' || text === '' || text.length > EXPRESSION_CHARS) {
      return { kind: 'malformed', message: `an expression must be text of 1 to ${EXPRESSION_CHARS} characters` };
    }
    return { kind: 'expression', text };
  }
  const only = keys.length === 1 ? (value as Record<string, unknown>)[keys[0] ?? ''] : undefined;
  if (typeof only !== 'string') return { kind: 'literal' };
  if (keys[0] === 'tpl') {
    if (only.length <= TEMPLATE_CHARS) return { kind: 'template', text: only };
    return { kind: 'malformed', message: `a template must be text of at most ${TEMPLATE_CHARS} characters` };
  }
  if (keys[0] === 'secret') {
    return isSecretName(only)
      ? { kind: 'secret', name: only }
      : { kind: 'malformed', message: 'must be the name of a secret' };
  }
  return { kind: 'literal' };
}

/** Returns every computed value in `value`, in document order. Skips pointers in `skip` and all below them. */
export function findValues(value: unknown, pointer: string, skip: ReadonlySet<string> = new Set()): FoundValue[] {
  if (typeof value !== 'object' || value === null || skip.has(pointer)) return [];
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => findValues(item, pointer + pointerSegment(index), skip));
  const form = formOf(value);
  switch (form.kind) {
    case 'literal':
      return Object.entries(value).flatMap(([name, item]) => findValues(item, pointer + pointerSegment(name), skip));
    case 'expression': {
      const { references, issues } = parseExpression(form.text);
      return [{ pointer, kind: 'expression', text: form.text, references, issues }];
    }
    case 'template': {
      const { parts, issues } = parseTemplate(form.text);
      return [
        {
          pointer,
          kind: 'template',
          text: form.text,
          references: parts.flatMap((part) => (typeof part === 'string' ? [] : part.references)),
          issues,
        },
      ];
    }
    case 'secret':
      return [{ pointer, kind: 'secret', name: form.name }];
    case 'malformed':
      return [{ pointer, kind: 'malformed', message: form.message }];
  }
}

/**
 * Compiles a value to a JavaScript expression that is valid inside brackets, as an argument or after a colon.
 * Throws on a value in which `findValues` finds an issue.
 */
export function compileValue(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(compileValue).join(', ')}]`;
  const form = formOf(value);
  switch (form.kind) {
    case 'literal':
      return compileObject(value as Record<string, unknown>);
    case 'expression':
      return compileExpression(form.text);
    case 'template':
      return compileTemplate(form.text);
    case 'secret':
      return `$run.secret(${JSON.stringify(form.name)})`;
    case 'malformed':
      throw new TypeError(form.message);
  }
}

/** Compiles fields to `{ a: …, "b-c": … }`. Omits fields without a value. */
export function compileObject(fields: Record<string, unknown>): string {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return entries.length === 0
    ? '{}'
    : `{ ${entries.map(([name, value]) => `${compileKey(name)}: ${compileValue(value)}`).join(', ')} }`;
}

// `__proto__: x` would set the prototype; in brackets it is a field like any other.
const compileKey = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && name !== '__proto__'
    ? name
    : name === '__proto__'
      ? '["__proto__"]'
      : JSON.stringify(name);

function compileExpression(text: string): string {
  const { code, issues } = parseExpression(text);
  if (issues[0] !== undefined) throw new TypeError(issues[0].message);
  return code;
}

function compileTemplate(text: string): string {
  const { parts, issues } = parseTemplate(text);
  if (issues[0] !== undefined) throw new TypeError(issues[0].message);
  return `$text(${parts.map((part) => (typeof part === 'string' ? JSON.stringify(part) : part.code)).join(', ')})`;
}
