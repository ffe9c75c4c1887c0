import '../../kernel/issue-text.rules';
import { RE2JS } from 're2js';
import * as z from 'zod';
import { isDecimal, LongInteger, parseJson, toInteger } from '../../kernel/long-integers';
import { isTooDeep, MAX_JSON_DEPTH } from '../../kernel/json.rules';
import type { EndpointParameter } from './parameter.schema';
import type { EndpointParameterType } from './parameter-type.rules';

/** Characters of the longest text that a pattern is matched with. RE2 is linear, so this bounds the work. */
const PATTERN_CHARS = 10_000;

/** Returns why a pattern cannot be used, or null. RE2 has no back-references or look-around, so every match takes linear time. */
export function patternIssue(pattern: string): string | null {
  try {
    RE2JS.compile(pattern);
    return null;
  } catch (error) {
    return `is not RE2 syntax: ${error instanceof Error ? error.message : 'it cannot be parsed'}`;
  }
}

const INTEGER = /^[+-]?[0-9]{1,4300}$/;
const BOOLEANS: Record<string, boolean> = {
  true: true,
  false: false,
  '1': true,
  '0': false,
  on: true,
  off: false,
  yes: true,
  no: false,
};

/** Converts text to the declared type if it can. Returns any other value unchanged, for the schema to reject. */
export function coerce(type: EndpointParameterType, raw: unknown): unknown {
  if (typeof raw !== 'string') return raw;
  switch (type) {
    case 'integer':
      return INTEGER.test(raw) ? toInteger(raw) : raw;
    case 'number':
      return INTEGER.test(raw) ? toInteger(raw) : isDecimal(raw) ? Number(raw) : raw;
    case 'boolean':
      return Object.hasOwn(BOOLEANS, raw.toLowerCase()) ? BOOLEANS[raw.toLowerCase()] : raw;
    case 'json':
    case 'object':
      return readJson(raw);
    case 'array':
      return readList(raw);
    default:
      return raw;
  }
}

/** Stands in for text whose nesting would overflow the stack when serialized. Valid for no type. */
const TOO_DEEP = Symbol('too deep');

function readJson(text: string): unknown {
  if (isTooDeep(text)) return TOO_DEEP;
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** Reads a list as JSON. Text that is not JSON is a list of one item. */
function readList(text: string): unknown {
  const read = text.startsWith('[') ? readJson(text) : text;
  return read === text ? [text] : read;
}

/** Result of checking one value. `path` leads into the value. */
export type CheckedParameter =
  | { value: unknown }
  | { issues: { path: PropertyKey[]; code: string; message: string }[] };

/**
 * Compiles the check of one parameter's value. `longIntegers`: the handler's language has integers beyond 2^53. `isText`: the value was
 * sent as text, so text for the type `json` is parsed; in a JSON body it is a value.
 */
export function compileParameterValue(
  parameter: EndpointParameter,
  longIntegers: boolean,
): { coerce: (raw: unknown, isText: boolean) => unknown; check: (raw: unknown, isText: boolean) => CheckedParameter } {
  const { type } = parameter;
  if (type === 'file') return { coerce: (raw) => raw, check: (raw) => checkFiles(parameter, raw) };
  const schema = toSchema(parameter);
  const fits = compileTextBounds(parameter);
  const read = (raw: unknown, isText: boolean): unknown => (type === 'json' && !isText ? raw : coerce(type, raw));
  return {
    coerce: read,
    check: (raw, isText) => {
      if (fits !== null && typeof raw === 'string' && fits(raw)) return { value: raw };
      const value = read(raw, isText);
      if (value instanceof LongInteger && (type === 'integer' || type === 'number'))
        return longIntegers ? checkLong(parameter, value) : tooLong;
      const parsed = schema.safeParse(value);
      return parsed.success ? { value: parsed.data } : { issues: parsed.error.issues };
    },
  };
}

/** Returns the test of a text without a pattern, the most common parameter: one that it accepts needs no schema. Null for any other type. */
function compileTextBounds({
  type,
  pattern,
  minLength,
  maxLength,
}: EndpointParameter): ((text: string) => boolean) | null {
  if ((type !== 'text' && type !== 'longtext') || pattern !== undefined) return null;
  const [least, most] = [minLength ?? 0, maxLength ?? Infinity];
  return ({ length }) => length >= least && length <= most;
}

const issue = (code: string, message: string): CheckedParameter => ({ issues: [{ path: [], code, message }] });

const tooLong = issue(
  'too_big',
  'must be from -9007199254740991 to 9007199254740991; use the type text for longer numbers',
);

function checkLong({ min, max }: EndpointParameter, value: LongInteger): CheckedParameter {
  const exact = BigInt(value.digits);
  if (min !== undefined && exact < min) return issue('too_small', `must be at least ${min}`);
  if (max !== undefined && exact > max) return issue('too_big', `must be at most ${max}`);
  return { value };
}

function checkFiles({ minLength, maxLength }: EndpointParameter, sent: unknown): CheckedParameter {
  if (!Array.isArray(sent) || !sent.every(isFile))
    return issue('invalid_type', 'must be a file, in a body of multipart/form-data');
  const issues = sent.flatMap(({ bytes: { byteLength } }) => {
    if (maxLength !== undefined && byteLength > maxLength)
      return [{ path: [], code: 'too_big', message: `is larger than ${maxLength} bytes` }];
    if (minLength !== undefined && byteLength < minLength)
      return [{ path: [], code: 'too_small', message: `is smaller than ${minLength} bytes` }];
    return [];
  });
  return issues.length > 0 ? { issues } : { value: sent };
}

const isFile = (value: unknown): value is { bytes: ArrayBuffer } =>
  typeof value === 'object' && value !== null && 'bytes' in value && value.bytes instanceof ArrayBuffer;

/** Builds the zod type of a parameter, with the rules that apply to it. */
export function toSchema(parameter: EndpointParameter): z.ZodType {
  const { type, min, max, minLength, maxLength, pattern, values } = parameter;
  switch (type) {
    case 'integer':
    case 'number': {
      let schema = type === 'integer' ? z.int() : z.number();
      if (min !== undefined) schema = schema.min(min);
      if (max !== undefined) schema = schema.max(max);
      return schema;
    }
    case 'boolean':
      return z.boolean();
    case 'uuid':
      return z.guid();
    case 'date':
      return z.iso.date();
    case 'datetime':
      return z.iso.datetime({ offset: true, local: true });
    case 'enum':
      return z.enum(values!);
    case 'json':
      return z.unknown().refine((value) => value !== TOO_DEEP, `nests deeper than ${MAX_JSON_DEPTH} levels`);
    case 'file':
      return z.unknown();
    case 'object':
      return z.record(z.string(), z.unknown());
    case 'array':
      return sized(z.array(z.unknown()), minLength, maxLength);
    case 'email':
      return sized(z.email(), minLength, maxLength);
    case 'url':
      return sized(z.url({ protocol: /^https?$/ }), minLength, maxLength);
    case 'text':
    case 'longtext': {
      const text = sized(z.string(), minLength, maxLength);
      if (pattern === undefined) return text;
      const compiled = RE2JS.compile(pattern);
      return text.refine(
        (value) => value.length <= PATTERN_CHARS && compiled.matches(value),
        `does not match ${pattern}`,
      );
    }
  }
}

function sized<T extends z.ZodString | z.ZodEmail | z.ZodURL | z.ZodArray<z.ZodUnknown>>(
  schema: T,
  min?: number,
  max?: number,
): T {
  let result = schema;
  if (min !== undefined) result = result.min(min) as T;
  if (max !== undefined) result = result.max(max) as T;
  return result;
}
