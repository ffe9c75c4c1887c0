import type { InputFile } from '../../types';

/** Fields as JSON text of [[name, text]], and the files; undefined when there are none. */
export interface Parts {
  fields: string | undefined;
  files: InputFile[] | undefined;
}

const NONE: Parts = { fields: undefined, files: undefined };

/** Reads a multipart body with the platform's own parser, before Python starts. Another body has no parts, as in flask. */
export async function multipart(meta: string, body: ArrayBuffer | undefined): Promise<Parts> {
  if (body === undefined || !/multipart\/form-data/i.test(meta)) return NONE;
  const { request } = JSON.parse(meta) as { request?: { headers: [string, string][] } };
  const type = request?.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  if (!/^\s*multipart\/form-data\s*;/i.test(type)) return NONE;
  try {
    return await split(await new Response(body, { headers: { 'content-type': type } }).formData());
  } catch {
    return NONE;
  }
}

async function split(form: FormData): Promise<Parts> {
  const fields: [string, string][] = [];
  const files: InputFile[] = [];
  for (const [field, value] of form) {
    if (typeof value === 'string') fields.push([field, value]);
    else files.push({ field, name: value.name, type: value.type, bytes: await value.arrayBuffer() });
  }
  return { fields: JSON.stringify(fields), files: files.length > 0 ? files : undefined };
}
