import { pointerSegment } from '../../kernel/json-pointer';
import { limitIssues, MAX_ISSUES, quoted, type Issue } from '../../kernel/errors';
import { sameValue } from '../../kernel/json.rules';
import { acceptedNames } from './parameter-name.rules';
import type { EndpointParameter } from './parameter.schema';
import { compileSource, findBracketed, type Sources } from './parameter-source.rules';
import { compileParameterValue } from './parameter-value.rules';
import type { FileField, SentInput } from './sent';

export interface CheckedParameters {
  values: Record<string, unknown>;
  /** With the name of the parameter, or of the undeclared field. */
  files: (FileField & { field: string })[];
  issues: Issue[];
}
export type CheckParameters = (input: SentInput) => CheckedParameters;

/** Options for reading parameters. `longIntegers`: the handler's language has integers beyond 2^53. */
export interface ReadingRules {
  /** Names in the path of the endpoint. */
  pathNames: readonly string[];
  strict: boolean;
  longIntegers: boolean;
}

/**
 * Compiles the check of an endpoint's parameters, which returns coerced values by name, or every issue. Undeclared body fields are passed on
 * as they are, or refused when `strict`.
 */
export function compileParameters(
  parameters: EndpointParameter[],
  { pathNames, strict, longIntegers }: ReadingRules,
): CheckParameters {
  const inBody = bodyNames(parameters);
  const closed = closedNames(parameters);
  const lists = listNames(parameters);
  const prepare = compileSources(parameters, lists);
  let segment = 0;
  const checks = parameters.map((parameter) =>
    compileOne(
      parameter,
      parameters,
      parameter.in !== 'path' || pathNames.includes(parameter.name) ? null : segment++,
      longIntegers,
    ),
  );
  return (input) => {
    const sources = prepare(input);
    // Without a prototype, a field called __proto__ is a field like any other.
    const checked: CheckedParameters = { values: emptyRecord(), files: [], issues: [] };
    const unknown: string[] = [];
    for (const name of Object.keys(input.fields)) {
      if (inBody.has(name) || sources.bracketedFields.keys.has(name)) continue;
      if (strict) unknown.push(name);
      // A field of the body must not pass, unchecked, as a parameter of the query, the path or a header.
      else if (!closed.has(name)) checked.values[name] = input.fields[name];
    }
    for (const [name, list] of input.files) {
      const parameter = inBody.get(name);
      if (parameter === undefined) {
        if (sources.bracketedFiles.keys.has(name)) continue;
        if (strict) unknown.push(name);
        else if (!closed.has(name)) addFiles(checked, name, list);
      } else if (parameter.type !== 'file')
        checked.issues.push({
          pointer: `#/body${pointerSegment(name)}`,
          code: 'invalid_type',
          message: 'must not be a file',
        });
    }
    if (unknown.length > 0) checked.issues.unshift(...unknownFields(unknown));
    for (const check of checks) check(sources, checked);
    return checked;
  };
}

function addFiles({ files }: CheckedParameters, field: string, list: readonly FileField[]): void {
  for (const file of list) files.push({ ...file, field });
}

const emptyRecord = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>;

/** Returns the parameters of the body by every name that callers may send for them. */
const bodyNames = (parameters: EndpointParameter[]): Map<string, EndpointParameter> =>
  new Map(
    parameters
      .filter((parameter) => parameter.in === 'body')
      .flatMap((parameter) =>
        acceptedNames(parameter, parameters).map((name): [string, EndpointParameter] => [name, parameter]),
      ),
  );

/** Returns the names under which an undeclared field is dropped: the handler would take it for the parameter. */
const closedNames = (parameters: EndpointParameter[]): Set<string> =>
  new Set(parameters.flatMap((parameter) => [parameter.name, ...acceptedNames(parameter, parameters)]));

interface ListNames {
  body: ReadonlySet<string>;
  query: ReadonlySet<string>;
}

/** Returns the names under which a list, or several files, may be sent item by item. */
function listNames(parameters: EndpointParameter[]): ListNames {
  const of = (place: EndpointParameter['in'], types: EndpointParameter['type'][]): Set<string> =>
    new Set(
      parameters
        .filter((parameter) => parameter.in === place && types.includes(parameter.type))
        .flatMap((parameter) => acceptedNames(parameter, parameters)),
    );
  return { body: of('body', ['array', 'file']), query: of('query', ['array']) };
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();
const NONE = { lists: new Map<string, never[]>(), keys: new Set<string>() };

function compileSources(parameters: EndpointParameter[], lists: ListNames): (input: SentInput) => Sources {
  const readsQuery = parameters.some((parameter) => parameter.in === 'query');
  const readsPath = parameters.some((parameter) => parameter.in === 'path');
  return (input) => {
    const { fields, fieldsAreText, files, header } = input;
    const search = readsQuery ? input.query() : null;
    const inText = lists.body.size > 0 && fieldsAreText;
    return {
      fields,
      fieldsAreText,
      files,
      header,
      search,
      pathSegments: readsPath ? input.segments() : [],
      pathNames: readsPath ? input.named() : NO_NAMES,
      bracketedFields: inText ? findBracketed(Object.keys(fields), lists.body, (key) => [fields[key]].flat()) : NONE,
      bracketedFiles:
        inText && files.size > 0 ? findBracketed(files.keys(), lists.body, (key) => files.get(key)!) : NONE,
      bracketedQuery:
        search !== null && lists.query.size > 0
          ? findBracketed(new Set(search.keys()), lists.query, (key) => search.getAll(key))
          : NONE,
    };
  };
}

function unknownFields(names: string[]): Issue[] {
  const listed = names.slice(0, MAX_ISSUES).map((name) => ({
    pointer: `#/body${pointerSegment(quoted(name))}`,
    code: 'unknown_field',
    message: 'is not a parameter of this endpoint',
  }));
  return limitIssues(listed, names.length);
}

type Check = (sources: Sources, checked: CheckedParameters) => void;

function compileOne(
  parameter: EndpointParameter,
  all: readonly EndpointParameter[],
  segment: number | null,
  longIntegers: boolean,
): Check {
  const { name, type } = parameter;
  const read = compileSource(parameter, all, segment);
  const value = compileParameterValue(parameter, longIntegers);
  const at = `#/${parameter.in}${pointerSegment(acceptedNames(parameter, all)[0]!)}`;
  const takesEmpty = type === 'text' || type === 'longtext';
  return (sources, checked) => {
    const isText = parameter.in !== 'body' || sources.fieldsAreText;
    const found = read(sources);
    const sent = isText && !takesEmpty ? found.filter(({ value: raw }) => raw !== '') : found;
    const first = sent[0];
    if (first === undefined) {
      if (parameter.default !== null) checked.values[name] = parameter.default;
      else if (parameter.required) checked.issues.push({ pointer: at, code: 'required', message: 'is required' });
      return;
    }
    // Two names of one parameter may both be sent if they have the same value.
    const other =
      sent.length > 1 &&
      sent.find((each) => !sameValue(value.coerce(each.value, isText), value.coerce(first.value, isText)));
    if (other) {
      const message = `is sent as ${quoted(first.name)} and as ${quoted(other.name)}, with different values; send one of them`;
      checked.issues.push({ pointer: at, code: 'conflict', message });
      return;
    }
    const result = value.check(first.value, isText);
    if ('issues' in result) {
      for (const { path, code, message } of result.issues) {
        const pointer = path.reduce<string>((text, part) => `${text}${pointerSegment(quoted(String(part)))}`, at);
        checked.issues.push({ pointer, code, message });
      }
    } else if (type === 'file') addFiles(checked, name, result.value as FileField[]);
    else checked.values[name] = result.value;
  };
}
