import { ApiError } from '../../kernel/errors';
import { summary } from '../../kernel/issues';
import { isObject } from '../../kernel/json.rules';
import { sentName } from '../parameters/parameter-name.rules';
import { readContent, toForm, type Content } from './body-content';
import { NO_FIELDS, toFields, type BodyFields } from './body-fields';
import type { CallContext } from './call';
import { decodeContent } from './content-coding';
import { nonEmpty } from './read-body';
import { readsBody } from './sent-body';
import { checkHeader, readQuery, readSegment, toPairs } from './urlencoded';

/**
 * Performs steps 6 and 7: reads the body once, where parameters or steps need it, and checks all parameters. A handler that takes the
 * request itself gets the raw body, of any type, unless the endpoint declares parameters in it; so does a workflow, which finds the body's
 * fields among its parameters. Throws 422 `invalid_parameters` with every issue.
 */
export function readParameters(call: CallContext): void {
  const { definition, request, subpath, named: sentNames } = call;
  const named = call.bundle?.artifact.form === 'named';
  const isWorkflow = call.bundle?.artifact.workflow !== undefined;
  const fed = named || definition.parameters.some((parameter) => parameter.in === 'body');
  if (fed) readBody(call);
  else if (isWorkflow || definition.middleware.some(({ bundle }) => bundle !== null && readsBody(bundle)))
    orNothing(() => readBody(call));
  if (!named && !isWorkflow && definition.parameters.length === 0) return;
  if (asksForRun(call)) return;
  const read = isFedByQuery(call)
    ? readFromQuery(call)
    : fed
      ? toFields(call.content)
      : isWorkflow
        ? whatThereIs(call)
        : NO_FIELDS;
  const { values, files, issues } = definition.checkParameters({
    fields: read.fields,
    fieldsAreText: read.text,
    files: read.files,
    query: () => readQuery(request.query),
    named: () => new Map(definition.pathNames.map((name, index) => [name, readSegment(sentNames[index] ?? '')])),
    segments: () => segmentsOf(subpath),
    header: (name) => checkHeader(name, request.headers.get(name.toLowerCase())),
  });
  if (issues.length > 0) {
    const detail = summary(issues, (at) => at.split('/').slice(2).join('/'), ' ');
    throw new ApiError('invalid_parameters', detail, { issues });
  }
  call.params = values;
  call.paramsText = textOf(call.content, values);
  call.files = files;
}

/** Returns the text of a body of which the parameters are all fields, unchanged and in their order; null for any other. */
function textOf(content: Content | null, params: Record<string, unknown>): string | null {
  if (content?.kind !== 'json' || content.text === null || !isObject(content.value)) return null;
  const { value, text } = content;
  const [names, sent] = [Object.keys(params), Object.keys(value)];
  const isSame = (name: string, index: number): boolean => name === sent[index] && params[name] === value[name];
  return names.length === sent.length && names.every(isSame) ? text : null;
}

/** Decodes and parses the body: steps cannot decode it themselves. */
function readBody(call: CallContext): void {
  const { body, request, definition } = call;
  if (body === null) return;
  const coding = request.headers.get('content-encoding');
  if (coding !== null) call.unpacked = decodeContent(body, coding, definition.limits.bodyBytes);
  const bytes = nonEmpty(call.unpacked ?? body);
  if (bytes === null) return;
  call.content = readContent(request.headers.get('content-type'), bytes);
  if (call.content.kind === 'form') definition.settleForm(call.content);
}

/** Returns the segments after the endpoint; a trailing slash begins none. */
const segmentsOf = (subpath: string): string[] =>
  subpath === '' || subpath === '/' ? [] : subpath.slice(1).replace(/\/$/, '').split('/').map(readSegment);

/** Checks whether a call polls a graph run that an earlier call began. Such a call has no parameters. */
const asksForRun = ({ bundle, request }: CallContext): boolean =>
  bundle?.artifact.graph !== undefined && toPairs(request.query).has('run');

/** Without a body, a graph takes its parameters from the query, as from a form. */
export const isFedByQuery = ({ bundle, body }: CallContext): boolean =>
  bundle?.artifact.graph !== undefined && body === null;

function readFromQuery({ definition, request }: CallContext): BodyFields {
  const inQuery = new Set(definition.parameters.filter((each) => each.in === 'query').map(sentName));
  const form = toForm([...readQuery(request.query)].filter(([name]) => !inQuery.has(name)));
  definition.settleForm(form);
  return toFields(form);
}

/** Returns the fields, if any, of a body that no parameter reads. It may be of any type. */
const whatThereIs = (call: CallContext): BodyFields => {
  const read = orNothing(() => toFields(call.content));
  return read === undefined ? NO_FIELDS : { ...read, files: NO_FIELDS.files };
};

/** Returns the result of `read`, or undefined where it refuses the call. */
function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
