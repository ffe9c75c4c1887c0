import { parseExact } from '../../kit/exact-json.rules';

/** How a value is written. */
export type Mode = 'text' | 'json' | 'expression' | 'template' | 'secret';

const soleText = (value: unknown, name: string): string | null => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const fields = Object.keys(value);
  const text = (value as Record<string, unknown>)[name];
  return fields.length === 1 && typeof text === 'string' ? text : null;
};

export function modeOf(value: unknown): Mode {
  if (soleText(value, '$') !== null) return 'expression';
  if (soleText(value, 'tpl') !== null) return 'template';
  if (soleText(value, 'secret') !== null) return 'secret';
  return value === undefined || typeof value === 'string' ? 'text' : 'json';
}

/** Returns the text of a field for a value. */
export function toText(value: unknown, mode: Mode): string {
  const special = soleText(value, '$') ?? soleText(value, 'tpl') ?? soleText(value, 'secret');
  if (special !== null) return special;
  if (value === undefined) return '';
  return typeof value === 'string' && mode !== 'json'
    ? value
    : JSON.stringify(value, null, typeof value === 'object' ? 2 : 0);
}

/** Returns the value that a text stands for. An empty expression, template, secret or JSON removes the field. */
export function fromText(text: string, mode: Mode): { isValid: true; value: unknown } | { isValid: false } {
  if (mode === 'text') return { isValid: true, value: text };
  if (text === '') return { isValid: true, value: undefined };
  if (mode === 'expression') return { isValid: true, value: { $: text } };
  if (mode === 'template') return { isValid: true, value: { tpl: text } };
  if (mode === 'secret') return { isValid: true, value: { secret: text } };
  try {
    return { isValid: true, value: parseExact(text) };
  } catch {
    return { isValid: false };
  }
}
