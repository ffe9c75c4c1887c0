import { RE2JS } from 're2js';
import { z } from 'zod';
import type { Offence } from '../errors';
import { acceptedNames } from './parameter-name.rules';
import type { Parameter, ParameterType } from './parameter.schema';

/** A file of a multipart body; its bytes go into the isolate beside the parameters. */
export interface FileField {
  name: string;
  type: string;
  bytes: ArrayBuffer;
}

/** Everything a caller sent that can feed parameters. `fields` is the body by name; its values are text when it was a form. */
export interface ParameterInput {
  fields: Record<string, unknown>;
  fieldsAreText: boolean;
  files: Map<string, FileField[]>;
  query: URLSearchParams;
  /** Decoded path segments after the endpoint. */
  segments: string[];
  header: (name: string) => string | null;
}
export type CheckedParameters = { values: Record<string, unknown>; offences: Offence[] };
export type CheckParameters = (input: ParameterInput) => CheckedParameters;

/** Longest text that a pattern is tried on. RE2 is linear, so this bounds the work. */
const PATTERN_CHARS = 10_000;

/** Why a pattern cannot be used, or null. RE2 has no back-references or look-around: no input can make it run long. */
export function patternFault(pattern: string): string | null {
  try {
    RE2JS.compile(pattern);
    return null;
  } catch (error) {
    return `is not RE2 syntax: ${error instanceof Error ? error.message : 'it cannot be read'}`;
  }
}

/**
 * Makes the check of an endpoint's parameters: coerced values by name, or every offence at once. Undeclared body fields are passed on
 * as they are, or refused when `strict`.
 */
export function compileParameters(parameters: Parameter[], strict: boolean): CheckParameters {
  const inBody = parameters.filter((parameter) => parameter.in === 'body');
  const declared = new Set(inBody.flatMap((parameter) => acceptedNames(parameter, parameters)));
  let segment = 0;
  const checks = parameters.map((parameter) =>
    compileOne(parameter, acceptedNames(parameter, parameters), parameter.in === 'path' ? segment++ : 0),
  );
  return (input) => {
    // Without a prototype, a field called __proto__ is a field like any other.
    const values = Object.create(null) as Record<string, unknown>;
    const offences: Offence[] = [];
    for (const name of Object.keys(input.fields)) {
      if (declared.has(name)) continue;
      if (strict)
        offences.push({
          pointer: `#/body/${escape(name)}`,
          code: 'unknown_field',
          message: 'is not a parameter of this endpoint',
        });
      else values[name] = input.fields[name];
    }
    for (const check of checks) check(input, values, offences);
    return { values, offences };
  };
}

const escape = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

type Check = (input: ParameterInput, values: Record<string, unknown>, offences: Offence[]) => void;

function compileOne(parameter: Parameter, names: readonly string[], segment: number): Check {
  const { name, type } = parameter;
  const schema = toSchema(parameter);
  const at = `#/${parameter.in}/${escape(name)}`;
  return (input, values, offences) => {
    const raw = anyValue(parameter, names, segment, input);
    if (raw === undefined || (raw === '' && isTextOnly(parameter, input) && type !== 'text' && type !== 'longtext')) {
      if (parameter.default !== null) values[name] = parameter.default;
      else if (parameter.required) offences.push({ pointer: at, code: 'required', message: 'is required' });
      return;
    }
    if (type === 'file')
      return checkFile(
        parameter,
        names.flatMap((each) => input.files.get(each) ?? []),
        at,
        offences,
      );
    const parsed = schema.safeParse(coerce(type, raw));
    if (parsed.success) values[name] = parsed.data;
    else {
      for (const issue of parsed.error.issues) {
        const pointer = issue.path.reduce<string>((text, part) => `${text}/${escape(String(part))}`, at);
        offences.push({ pointer, code: issue.code, message: issue.message });
      }
    }
  };
}

const isTextOnly = (parameter: Parameter, input: ParameterInput): boolean =>
  parameter.in !== 'body' || input.fieldsAreText;

/** What was sent under the first of its names that something was sent under. */
function anyValue(parameter: Parameter, names: readonly string[], segment: number, input: ParameterInput): unknown {
  const value = rawValue(parameter, parameter.name, segment, input);
  if (value !== undefined || names.length === 1) return value;
  const other = names.find((name) => rawValue(parameter, name, segment, input) !== undefined);
  return other === undefined ? undefined : rawValue(parameter, other, segment, input);
}

/** What was sent for a parameter: undefined when nothing was. Repeated values are a list for arrays; otherwise the first one counts. */
function rawValue(parameter: Parameter, name: string, segment: number, input: ParameterInput): unknown {
  const { type } = parameter;
  switch (parameter.in) {
    case 'body': {
      if (type === 'file') return input.files.has(name) ? true : undefined;
      if (!Object.hasOwn(input.fields, name)) return undefined;
      const value = input.fields[name];
      return input.fieldsAreText && Array.isArray(value) && type !== 'array' ? (value[0] as unknown) : value;
    }
    case 'query': {
      if (type !== 'array') return input.query.get(name) ?? undefined;
      const values = input.query.getAll(name);
      return values.length > 0 ? values : undefined;
    }
    case 'path':
      return input.segments[segment];
    case 'header':
      return input.header(name) ?? undefined;
  }
}

function checkFile(parameter: Parameter, files: FileField[], at: string, offences: Offence[]): void {
  for (const { bytes } of files) {
    if (parameter.maxLength !== undefined && bytes.byteLength > parameter.maxLength) {
      offences.push({ pointer: at, code: 'too_big', message: `is larger than ${parameter.maxLength} bytes` });
    }
    if (parameter.minLength !== undefined && bytes.byteLength < parameter.minLength) {
      offences.push({ pointer: at, code: 'too_small', message: `is smaller than ${parameter.minLength} bytes` });
    }
  }
}

const INTEGER = /^[+-]?[0-9]{1,16}$/;
const NUMBER = /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]{1,3})?$/i;
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

/** Text as the declared type, where it reads as one; anything else stays what it is, for the schema to refuse. */
export function coerce(type: ParameterType, raw: unknown): unknown {
  if (type === 'array' && !Array.isArray(raw) && typeof raw === 'string')
    return raw.startsWith('[') ? readJson(raw) : [raw];
  if (typeof raw !== 'string') return raw;
  switch (type) {
    case 'integer':
      return INTEGER.test(raw) ? Number(raw) : raw;
    case 'number':
      return NUMBER.test(raw) ? Number(raw) : raw;
    case 'boolean':
      return Object.hasOwn(BOOLEANS, raw.toLowerCase()) ? BOOLEANS[raw.toLowerCase()] : raw;
    case 'json':
    case 'object':
      return readJson(raw);
    default:
      return raw;
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The zod type of a parameter, with the rules that apply to it. */
function toSchema(parameter: Parameter): z.ZodType {
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
