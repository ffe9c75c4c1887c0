import type { Offence } from '../errors';
import { acceptedNames } from './parameter-name.rules';
import type { Parameter } from './parameter.schema';
import { coerce, toSchema } from './parameter-value.rules';

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

/**
 * Makes the check of an endpoint's parameters: coerced values by name, or every offence at once. Undeclared body fields are passed on
 * as they are, or refused when `strict`.
 */
export function compileParameters(parameters: Parameter[], strict: boolean): CheckParameters {
  const declared = new Map(
    parameters.flatMap((parameter) =>
      acceptedNames(parameter, parameters).map((name): [string, Parameter] => [name, parameter]),
    ),
  );
  let segment = 0;
  const checks = parameters.map((parameter) =>
    compileOne(parameter, acceptedNames(parameter, parameters), parameter.in === 'path' ? segment++ : 0),
  );
  return (input) => {
    // Without a prototype, a field called __proto__ is a field like any other.
    const values = Object.create(null) as Record<string, unknown>;
    const offences: Offence[] = [];
    const unknown: string[] = [];
    for (const name of Object.keys(input.fields)) {
      const place = declared.get(name)?.in;
      if (place === 'body') continue;
      if (strict) unknown.push(name);
      // A parameter of the query, the path or a header cannot be slipped in, unchecked, through the body.
      else if (place === undefined) values[name] = input.fields[name];
    }
    for (const name of input.files.keys()) {
      const parameter = declared.get(name);
      if (parameter === undefined && strict) unknown.push(name);
      if (parameter !== undefined && parameter.type !== 'file')
        offences.push({ pointer: `#/body/${escape(name)}`, code: 'invalid_type', message: 'must not be a file' });
    }
    if (unknown.length > 0) offences.unshift(...unknownFields(unknown));
    for (const check of checks) check(input, values, offences);
    return { values, offences };
  };
}

/** Undeclared fields that an answer lists one by one: a body of a megabyte holds some 100,000. */
const MAX_UNKNOWN = 100;

function unknownFields(names: string[]): Offence[] {
  const listed = names.slice(0, MAX_UNKNOWN).map((name) => ({
    pointer: `#/body/${escape(name)}`,
    code: 'unknown_field',
    message: 'is not a parameter of this endpoint',
  }));
  const more = names.length - listed.length;
  if (more === 0) return listed;
  return [...listed, { pointer: '#/body', code: 'unknown_field', message: `has ${more} more fields like that` }];
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
      // One value may be the whole list as JSON, as in a form.
      return values.length > 1 ? values : values[0];
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
