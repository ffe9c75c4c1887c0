import * as z from 'zod';
import { flagField, optionalTextField, textField } from './coercion.schema';
import { pythonInt, pythonStr } from './python.rules';
import { isObject } from '../../kernel/json.rules';

/** Types of a parameter, by PLynx's names. */
export const GRAPH_PARAMETER_TYPES = ['str', 'int', 'bool', 'text', 'enum', 'list_str', 'list_int', 'code'] as const;
export type GraphParameterType = (typeof GRAPH_PARAMETER_TYPES)[number];

/** One of several texts. The index becomes text on the wire once a client has set it; -1 means no choice. */
interface EnumValue {
  values: string[];
  index: string | -1;
}
/** Source text and the language in which an editor shows it. */
interface CodeValue {
  value: string;
  mode: string;
}
export type ParameterValue = string | number | boolean | EnumValue | CodeValue | (string | number)[];

/** A parameter of a node. `widget` makes it public: upgrades keep its value and callers may set it by the alias. */
export interface GraphParameter {
  name: string;
  parameter_type: GraphParameterType;
  value: ParameterValue;
  mutable_type: boolean;
  removable: boolean;
  publicable: boolean;
  widget: { alias: string } | null;
}

const isText = (value: unknown): value is string => typeof value === 'string';
// Whole numbers stay as posted, digits in text included.
const isWhole = (value: unknown): value is string | number | boolean => pythonInt(value) !== undefined;
const isFlag = (value: unknown): value is number | boolean => typeof value === 'boolean' || Number.isInteger(value);
const unflagged = (value: string | number | boolean) => (typeof value === 'boolean' ? Number(value) : value);

type Reader = (value: unknown) => ParameterValue | undefined;
const readText: Reader = (value) => (value === undefined ? '' : isText(value) ? value : undefined);
const READERS: Record<GraphParameterType, Reader> = {
  str: readText,
  text: readText,
  int: (value) => (isWhole(value) ? value : undefined),
  bool: (value) => (isFlag(value) ? value : undefined),
  list_str: (value) => (Array.isArray(value) && value.every(isText) ? value : undefined),
  list_int: (value) => (Array.isArray(value) && value.every(isWhole) ? value.map(unflagged) : undefined),
  enum: (value = {}) => (isObject(value) ? readEnum(value) : undefined),
  code: (value = {}) =>
    isObject(value) ? { value: pythonStr(value.value ?? ''), mode: pythonStr(value.mode ?? 'python') } : undefined,
};

function readEnum({ values, index }: Record<string, unknown>): EnumValue | undefined {
  if (values !== undefined && values !== null && !Array.isArray(values)) return undefined;
  return {
    values: (values ?? []).map(pythonStr),
    index: index === undefined || index === null ? -1 : pythonStr(index),
  };
}

/**
 * Returns the value in its stored form, or undefined when it does not fit its type. Missing text, enum and code have defaults; a missing
 * number, flag or list does not fit.
 */
export function readParameterValue(type: string, value: unknown): ParameterValue | undefined {
  const known = GRAPH_PARAMETER_TYPES.find((one) => one === type);
  return known && READERS[known](value === null ? undefined : value);
}

const Widget = z
  .object({ alias: textField() })
  .nullish()
  .transform((widget) => widget ?? null);

/** Parses a parameter; refuses an unknown type, or a value that does not fit its type, with PLynx's message. */
export const GraphParameter = z
  .object({
    name: textField(),
    parameter_type: optionalTextField,
    value: z.unknown().optional(),
    mutable_type: flagField(true),
    removable: flagField(true),
    publicable: flagField(true),
    widget: Widget,
  })
  .transform((raw, ctx): GraphParameter => {
    const type = GRAPH_PARAMETER_TYPES.find((one) => one === (raw.parameter_type ?? 'str'));
    const value = type && readParameterValue(type, raw.value);
    if (type === undefined || value === undefined) {
      ctx.addIssue({ code: 'custom', message: invalidValueMessage(raw.name, raw.value) });
      return z.NEVER;
    }
    return { ...raw, parameter_type: type, value };
  });

/** PLynx's message for a value that does not fit. */
export const invalidValueMessage = (name: string, value: unknown): string =>
  `Invalid parameter value type: ${name.slice(0, 200)}: ${pythonStr(value).slice(0, 200)}`;

/** Returns the value for a script or template: the text of code, the chosen text of an enum, other values unchanged. */
export function scriptValue({ value }: Pick<GraphParameter, 'value'>): string | number | boolean | (string | number)[] {
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  if ('mode' in value) return value.value;
  return value.values[Number(value.index)] ?? '';
}
