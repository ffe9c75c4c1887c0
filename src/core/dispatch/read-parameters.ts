import { Fault } from '../errors';
import { summary } from '../offences';
import { readBodyFields, type BodyFields } from './body-fields';
import type { Call } from './call';

/**
 * Steps 6 and 7: reads the body where a parameter needs it and checks all parameters. A handler that takes the request itself gets
 * its body as it is, of any type, unless the endpoint declares parameters in it; a workflow does, too, and finds the fields that are
 * there among its parameters. 422 `invalid_parameters` lists every offence.
 */
export async function readParameters(call: Call): Promise<void> {
  const { definition, request, rest, body } = call;
  const named = call.bundle?.artifact.form === 'named';
  const isWorkflow = call.bundle?.artifact.workflow !== undefined;
  if (!named && !isWorkflow && definition.parameters.length === 0) return;
  const fed = named || definition.parameters.some((parameter) => parameter.in === 'body');
  const read =
    fed || !isWorkflow
      ? await readBodyFields(fed ? request.headers.get('content-type') : null, fed ? body : null)
      : await readWhatThereIs(request.headers.get('content-type'), body);
  const { values, offences } = definition.checkParameters({
    fields: read.fields,
    fieldsAreText: read.text,
    files: read.files,
    query: new URLSearchParams(request.query),
    segments: rest === '' ? [] : rest.slice(1).split('/').map(decodeSegment),
    header: (name) => request.headers.get(name),
  });
  if (offences.length > 0) {
    const detail = summary(offences, (at) => at.split('/').slice(2).join('/'), ' ');
    throw new Fault('invalid_parameters', detail, { errors: offences });
  }
  call.params = values;
  for (const [field, list] of read.files)
    for (const file of list) call.files.push({ field: definition.currentNames.get(field) ?? field, ...file });
}

const NOTHING: BodyFields = { fields: {}, text: false, files: new Map() };

/** A body that no parameter asks for: its fields, where it has any. It may be anything. */
async function readWhatThereIs(contentType: string | null, body: ArrayBuffer | null): Promise<BodyFields> {
  if (body === null) return NOTHING;
  try {
    const { files: _files, ...read } = await readBodyFields(contentType, body);
    return { ...read, files: NOTHING.files };
  } catch (error) {
    if (error instanceof Fault) return NOTHING;
    throw error;
  }
}

function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
