import type { Call } from '../dispatch/call';
import type { Definition } from '../dispatch/definition';
import { invalidField } from '../offences';
import { sentName } from './parameter-name.rules';
import { readTestFiles, type TestFile } from './test-file.rules';

type Part = [name: string, value: unknown];

/**
 * Puts given parameters, and test values for the others, where a caller would: in the body, the query, the path or a header. The body is
 * JSON, or a multipart form when there is a file. 422 for what cannot be put there.
 */
export async function fillRequest(call: Call, definition: Definition, given: Record<string, unknown>): Promise<void> {
  const query = new URLSearchParams(call.request.query);
  const declared = new Set(definition.parameters.map(({ name }) => name));
  const fields: Part[] = Object.entries(given).filter(([name]) => !declared.has(name));
  const files: [name: string, file: TestFile][] = [];
  const segments: string[] = [];
  for (const parameter of definition.parameters) {
    const { type, in: place } = parameter;
    const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : parameter.test;
    const name = sentName(parameter);
    if (value === null || value === undefined) continue;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (type === 'file')
      files.push(...expectFiles(parameter.name, value).map((file): [string, TestFile] => [name, file]));
    else if (place === 'body') fields.push([name, value]);
    else if (place === 'header') call.request.headers.set(name, text);
    else if (place === 'path') segments.push(encodeURIComponent(text));
    else if (Array.isArray(value)) for (const item of value) query.append(name, String(item));
    else query.set(name, text);
  }
  call.request.query = query.toString();
  if (segments.length > 0 && call.rest === '') {
    call.rest = `/${segments.join('/')}`;
    call.request.path += call.rest;
  }
  if (call.body === null) return fillBody(call, fields, files);
  const elsewhere = new Set(definition.parameters.flatMap((each) => (each.in === 'body' ? [] : [each.name])));
  const twice = Object.keys(given).find((name) => !elsewhere.has(name));
  if (twice !== undefined)
    throw invalidField(`parameters/${twice}`, 'contradiction', 'is part of the body, which request.body gives');
}

async function fillBody(call: Call, fields: Part[], files: [string, TestFile][]): Promise<void> {
  if (fields.length === 0 && files.length === 0) return;
  if (files.length === 0) {
    call.request.headers.set('content-type', 'application/json');
    call.body = new TextEncoder().encode(JSON.stringify(Object.fromEntries(fields))).slice().buffer;
  } else {
    const form = new FormData();
    for (const [name, value] of fields) form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
    for (const [name, { bytes, filename, type }] of files) form.append(name, new File([bytes], filename, { type }));
    const encoded = new Response(form);
    call.request.headers.set('content-type', encoded.headers.get('content-type')!);
    call.body = await encoded.arrayBuffer();
  }
}

function expectFiles(name: string, value: unknown): TestFile[] {
  const read = readTestFiles(value);
  if ('fault' in read) throw invalidField(`parameters/${name}`, 'invalid_file', read.fault);
  return read.files;
}
