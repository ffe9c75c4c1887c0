import type { GraphParameter, ParameterValue } from '../../../../src/plynx/document/parameter.schema';

type Typed = Pick<GraphParameter, 'parameter_type' | 'value'>;

/** Returns the value of a parameter as the text of a field; lists have a line for each value. */
export function parameterText({ value }: Typed): string {
  if (Array.isArray(value)) return value.join('\n');
  if (typeof value !== 'object') return String(value);
  return 'mode' in value ? value.value : String(value.values[Number(value.index)] ?? '');
}

const WHOLE = /^-?[0-9]{1,15}$/;

/** Returns the value that a text stands for; null where it does not fit the type yet. */
export function readParameterText({ parameter_type, value }: Typed, text: string): ParameterValue | null {
  switch (parameter_type) {
    case 'int':
      return WHOLE.test(text.trim()) ? Number(text) : null;
    case 'list_str':
      return text === '' ? [] : text.split('\n');
    case 'list_int': {
      const lines = text.split('\n').filter((line) => line.trim() !== '');
      return lines.every((line) => WHOLE.test(line.trim())) ? lines.map(Number) : null;
    }
    case 'code':
      return typeof value === 'object' && 'mode' in value ? { ...value, value: text } : { value: text, mode: 'python' };
    default:
      return text;
  }
}
