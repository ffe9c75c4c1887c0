import { ApiError } from '../../kernel/errors';
import { summary } from '../../kernel/issues';
import { sentName } from '../parameters/parameter-name.rules';
import { readContent, toForm } from './body-content';
import { NO_FIELDS, toFields, type BodyFields } from './body-fields';
import type { CallContext } from './call';
import { decodeContent } from './content-coding';
import { nonEmpty } from './read-body';
import { readsBody } from './sent-body';
import { checkHeader, readQuery, readSegment } from './urlencoded';

/**
 * Steps 6 and 7: reads the body where parameters or steps need it, once for all of them, and checks all parameters. A handler that takes
 * the request itself gets its body as it is, of any type, unless the endpoint declares parameters in it; a workflow does, too, and finds
 * the fields that are there among its parameters. 422 `invalid_parameters` lists every issue.
 */
export function readParameters(call: CallContext): void {
  const { definition, request, subpath } = call;
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
    segments: () => segmentsOf(subpath),
    header: (name) => checkHeader(name, request.headers.get(name)),
  });
  if (issues.length > 0) {
    const detail = summary(issues, (at) => at.split('/').slice(2).join('/'), ' ');
    throw new ApiError('invalid_parameters', detail, { issues });
  }
  call.params = values;
  call.files = files;
}

/** Undoes the coding of the body, for steps have no means of their own to do so, and reads what it says. */
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

/** The segments after the endpoint; a slash at the end begins none. */
const segmentsOf = (subpath: string): string[] =>
  subpath === '' || subpath === '/' ? [] : subpath.slice(1).replace(/\/$/, '').split('/').map(readSegment);

/** Does a call ask for a run of a graph that it began earlier? Such a call has no parameters. */
const asksForRun = ({ bundle, request }: CallContext): boolean =>
  bundle?.artifact.graph !== undefined && new URLSearchParams(request.query).has('run');

/** A graph that is called without a body takes its parameters from the query, as it would from a form. */
export const isFedByQuery = ({ bundle, body }: CallContext): boolean =>
  bundle?.artifact.graph !== undefined && body === null;

function readFromQuery({ definition, request }: CallContext): BodyFields {
  const inQuery = new Set(definition.parameters.filter((each) => each.in === 'query').map(sentName));
  const form = toForm([...readQuery(request.query)].filter(([name]) => !inQuery.has(name)));
  definition.settleForm(form);
  return toFields(form);
}

/** A body that no parameter asks for: its fields, where it has any. It may be anything. */
const whatThereIs = (call: CallContext): BodyFields => {
  const read = orNothing(() => toFields(call.content));
  return read === undefined ? NO_FIELDS : { ...read, files: NO_FIELDS.files };
};

/** What `read` answers, or nothing where it refuses the call. */
function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
