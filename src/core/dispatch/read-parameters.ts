import { Fault } from '../errors';
import { summary } from '../offences';
import { sentName } from '../endpoint/parameter-name.rules';
import { fieldsOf, readBodyFields, type BodyFields } from './body-fields';
import type { Call } from './call';
import { decodeContent } from './content-coding';
import { checkHeader, readQuery, readSegment } from './urlencoded';

/**
 * Steps 6 and 7: reads the body where a parameter needs it and checks all parameters. A handler that takes the request itself gets
 * its body as it is, of any type, unless the endpoint declares parameters in it; a workflow does, too, and finds the fields that are
 * there among its parameters. 422 `invalid_parameters` lists every offence.
 */
export function readParameters(call: Call): void {
  const { definition, request, rest } = call;
  const named = call.bundle?.artifact.form === 'named';
  const isWorkflow = call.bundle?.artifact.workflow !== undefined;
  const fed = named || definition.parameters.some((parameter) => parameter.in === 'body');
  if (fed) unpack(call);
  // Steps have no means of their own to undo a coding.
  else if (isWorkflow || definition.middleware.length > 0) orNothing(() => unpack(call));
  if (!named && !isWorkflow && definition.parameters.length === 0) return;
  if (asksForRun(call)) return;
  const read = isFedByQuery(call)
    ? readFromQuery(call)
    : fed
      ? readFields(call)
      : isWorkflow
        ? readWhatThereIs(call)
        : NOTHING;
  const { values, files, offences } = definition.checkParameters({
    fields: read.fields,
    fieldsAreText: read.text,
    files: read.files,
    query: () => readQuery(request.query),
    segments: () => (rest === '' ? [] : rest.slice(1).split('/').map(readSegment)),
    header: (name) => checkHeader(name, request.headers.get(name)),
  });
  if (offences.length > 0) {
    const detail = summary(offences, (at) => at.split('/').slice(2).join('/'), ' ');
    throw new Fault('invalid_parameters', detail, { errors: offences });
  }
  call.params = values;
  call.files = files;
}

const NOTHING: BodyFields = { fields: {}, text: false, files: new Map() };

const readFields = (call: Call): BodyFields =>
  readBodyFields(call.request.headers.get('content-type'), call.unpacked ?? call.body);

/** Does a call ask for a run of a graph that it began earlier? Such a call has no parameters. */
const asksForRun = ({ bundle, request }: Call): boolean =>
  bundle?.artifact.graph !== undefined && new URLSearchParams(request.query).has('run');

/** A graph that is called without a body, with GET say, takes its parameters from the query, as it would from a form. */
export const isFedByQuery = ({ bundle, body, method }: Call): boolean =>
  bundle?.artifact.graph !== undefined && body === null && (method === 'GET' || method === 'HEAD');

function readFromQuery({ definition, request }: Call): BodyFields {
  const inQuery = new Set(definition.parameters.filter((each) => each.in === 'query').map(sentName));
  return fieldsOf([...readQuery(request.query)].filter(([name]) => !inQuery.has(name)));
}

/** A body that no parameter asks for: its fields, where it has any. It may be anything. */
function readWhatThereIs(call: Call): BodyFields {
  const read = orNothing(() => readFields(call));
  return read === undefined ? NOTHING : { ...read, files: NOTHING.files };
}

/** What `read` answers, or nothing where it refuses the call. */
function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

function unpack(call: Call): void {
  const coding = call.request.headers.get('content-encoding');
  if (coding !== null && call.body !== null)
    call.unpacked = decodeContent(call.body, coding, call.definition.limits.bodyBytes);
}
