import { readBodyFields } from '../../core/gateway/body-fields';
import { readPlainBody } from '../../core/gateway/read-body';
import { FILE_BYTES } from '../files/file-key.rules';
import { readFile, readPreview } from '../files/read-file';
import { storeFile } from '../files/store-file';
import { uploadFile } from '../edit/upload-file';
import { bytes, html, json, badRequest } from './answers';
import { type Parsed, readFlag } from './requests';
import type { PlynxRequest, PlynxRoute } from './route';
import { PLYNX_PREFIX, POSTED } from './forms';

/** A file of 32 MiB and what a form has around it. */
const FORM_BYTES = FILE_BYTES + 64 * 1024;

/** The one file of a form, under the name `data`, and the fields beside it. */
async function readForm(request: Request): Promise<Parsed<{ file: ArrayBuffer; fields: Record<string, unknown> }>> {
  const body = await readPlainBody(request, FORM_BYTES);
  const { fields, files } = readBodyFields(request.headers.get('content-type'), body);
  const all = [...files.values()].flat();
  const [file] = files.get('data') ?? [];
  if (all.length !== 1) return { ok: false, message: 'Expected exactly one file, as `data`' };
  return file
    ? { ok: true, value: { file: file.bytes, fields } }
    : { ok: false, message: 'The file must be named `data`' };
}

const upload = async ({ ctx, request }: PlynxRequest) => {
  const form = await readForm(request);
  if (!form.ok) return badRequest(form.message);
  const { file, fields } = form.value;
  // The braces are PLynx's: what a form does not say is kept like this.
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

const post = async ({ ctx, request }: PlynxRequest) => {
  const form = await readForm(request);
  if (!form.ok) return badRequest(form.message);
  return json({ status: POSTED, resource_id: await storeFile(ctx, form.value.file) });
};

const get = async ({ ctx, params: { id = '' }, query }: PlynxRequest) => {
  if (!readFlag(query.preview)) {
    const { body, size } = await readFile(ctx, id);
    return bytes(body, size);
  }
  if (query.file_type === undefined) return badRequest('In preview mode `file_type` must be specified');
  const preview = await readPreview(ctx, id, query.file_type, `${PLYNX_PREFIX}/resource/${id}`);
  return preview.kind === 'html' ? html(preview.html) : badRequest(preview.message);
};

export const fileRoutes: PlynxRoute[] = [
  { path: '/upload_file', methods: { POST: upload, PUT: upload } },
  { path: '/resource', methods: { POST: post } },
  // The server's path and the documents'.
  { path: '/resource/:id', openById: true, methods: { GET: get } },
  { path: '/resources/:id', openById: true, methods: { GET: get } },
];
