import { coerce } from '../../core/parameters/parameter-value.rules';
import type { GraphParameter, ParameterValue } from '../document/parameter.schema';

/** A value in the form of a graph's parameter, or its requirement as a predicate. */
export type CallValue = { value: ParameterValue } | { issue: string };

/**
 * Parses a call's value for a public parameter, from JSON or from the text of a form or query. Stricter than a document of a graph, whose
 * numbers may be text or fractions. For an enum a caller names a value, not its index.
 */
export function readCallValue({ parameter_type: type, value: before }: GraphParameter, given: unknown): CallValue {
  switch (type) {
    case 'str':
    case 'text':
      return typeof given === 'string' ? { value: given } : { issue: 'must be text' };
    case 'int': {
      const value = coerce('integer', given);
      return Number.isSafeInteger(value) ? { value: value as number } : { issue: 'must be a whole number' };
    }
    case 'bool': {
      const value = coerce('boolean', given);
      return typeof value === 'boolean' ? { value } : { issue: 'must be true or false' };
    }
    case 'list_str': {
      const value = coerce('array', given);
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
        ? { value }
        : { issue: 'must be a list of texts' };
    }
    case 'list_int': {
      const list = coerce('array', given);
      const value = Array.isArray(list) ? list.map((item) => coerce('integer', item)) : [null];
      return value.every((item) => Number.isSafeInteger(item))
        ? { value: value as number[] }
        : { issue: 'must be a list of whole numbers' };
    }
    case 'enum': {
      const values = typeof before === 'object' && 'values' in before ? (before.values as string[]) : [];
      const index = values.indexOf(given as string);
      return index < 0
        ? {
            issue: `must be one of ${values
              .slice(0, 20)
              .map((each) => JSON.stringify(each))
              .join(', ')}`,
          }
        : { value: { values, index: String(index) } };
    }
    case 'code': {
      const mode = typeof before === 'object' && 'mode' in before ? before.mode : 'python';
      return typeof given === 'string' ? { value: { value: given, mode } } : { issue: 'must be text' };
    }
  }
}
