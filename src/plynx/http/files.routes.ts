import { readBodyFields } from '../../core/gateway/body-fields';
import type { Parsed } from '../document/graph.schema';
import { readPlainBody } from '../../core/gateway/read-body';
import { FILE_BYTES } from '../files/file-key.rules';
import { readFile, readPreview } from '../files/read-file';
import { storeFile } from '../files/store-file';
import { uploadFile } from '../edit/upload-file';
import { bytes, html, json, badRequest } from './answers';
import { readFlag } from './requests';
import type { PlynxRoute } from './wire';
import { PLYNX_PREFIX, POSTED } from './forms';

/** Maximum bytes of a body: a file of 32 MiB and the rest of its form. */
const FORM_BYTES = FILE_BYTES + 64 * 1024;

/** Returns the one file of a form, named `data`, and the other fields. */
async function readForm(request: Request): Promise<Parsed<{ file: ArrayBuffer; fields: Record<string, unknown> }>> {
  const body = await readPlainBody(request, FORM_BYTES);
  const { fields, files } = readBodyFields(request.headers.get('content-type'), body);
  const all = [...files.values()].flat();
  const [file] = files.get('data') ?? [];
  if (all.length !== 1) return { kind: 'refused', message: 'Expected exactly one file, as `data`' };
  return file
    ? { kind: 'parsed', value: { file: file.bytes, fields } }
    : { kind: 'refused', message: 'The file must be named `data`' };
}

const upload: PlynxRoute['run'] = async (ctx, { request }) => {
  const form = await readForm(request);
  if (form.kind === 'refused') return badRequest(form.message);
  const { file, fields } = form.value;
  // The braces are PLynx's: missing fields of a form are stored like this.
  const field = (name: string, fallback: string) => (typeof fields[name] === 'string' ? fields[name] : fallback);
  const uploaded = await uploadFile(ctx, {
    bytes: file,
    title: field('title', '{title}'),
    description: field('description', '{description}'),
    fileType: field('file_type', 'file'),
  });
  if (uploaded.kind === 'refused') return badRequest(uploaded.message);
  return json({ status: POSTED, resource_id: uploaded.fileId, node: uploaded.node });
};

const post: PlynxRoute['run'] = async (ctx, { request }) => {
  const form = await readForm(request);
  if (form.kind === 'refused') return badRequest(form.message);
  return json({ status: POSTED, resource_id: await storeFile(ctx, form.value.file) });
};

const get: PlynxRoute['run'] = async (ctx, { params: { id = '' }, query }) => {
  if (!readFlag(query.get('preview'))) {
    const { body, size } = await readFile(ctx, id);
    return bytes(body, size);
  }
  const fileType = query.get('file_type');
  if (fileType === null) return badRequest('In preview mode `file_type` must be specified');
  const preview = await readPreview(ctx, id, fileType, `${PLYNX_PREFIX}/resource/${id}`);
  return preview.kind === 'html' ? html(preview.html) : badRequest(preview.message);
};

/** With PLYNX_OPEN_RESOURCES any page can read a file by its id; a credential, if sent, must still be valid. */
const opensById: PlynxRoute['policy'] = ({ settings }, headers) => {
  if (!settings.openFiles) return 'file.read';
  return headers.has('authorization') ? 'session.own' : 'open';
};

export const fileRoutes: PlynxRoute[] = [
  { id: 'uploadFile', method: 'post', path: '/upload_file', policy: uploadFile.permission, run: upload },
  { id: 'putFile', method: 'put', path: '/upload_file', policy: uploadFile.permission, run: upload },
  { id: 'createResource', method: 'post', path: '/resource', policy: storeFile.permission, run: post },
  // The server's path and the documents'.
  { id: 'getResource', method: 'get', path: '/resource/:id', policy: opensById, run: get },
  { id: 'getDocumentedResource', method: 'get', path: '/resources/:id', policy: opensById, run: get },
];
