import type { CallContext } from './call';
import type { Definition } from './definition';
import { invalidField } from '../../kernel/issues';
import type { ApiError } from '../../kernel/errors';
import { acceptedNames, sentName } from '../parameters/parameter-name.rules';
import type { EndpointParameter } from '../parameters/parameter.schema';
import { toPairs } from './urlencoded';
import { readTestFiles, type TestFile } from '../publishing/endpoints/test-file.rules';

/** A call that no request brought: its headers are still filled in. */
export type MadeCall = CallContext & { request: { headers: Headers } };
type Part = [name: string, value: unknown];

/**
 * Puts given parameters, and the values of `otherwise` for the others, where a caller would: in the body, the query, the path or a header. The
 * body is JSON, or a multipart form when there is a file. Values in the request of a test come first. Throws 422 for a parameter that is given
 * twice or cannot be put there.
 */
export async function fillRequest(
  call: MadeCall,
  definition: Definition,
  given: Record<string, unknown>,
  otherwise: (parameter: EndpointParameter) => unknown,
): Promise<void> {
  const { parameters } = definition;
  const declared = new Set(parameters.map(({ name }) => name));
  const fields: Part[] = Object.entries(given).filter(([name]) => !declared.has(name));
  if (call.body !== null && fields.length > 0) throw givenTwice(fields[0]![0], 'body');
  const files: [name: string, file: TestFile][] = [];
  const query = new URLSearchParams();
  const segments: Part[] = [];
  const asked = toPairs(call.request.query);
  const named = new Map(definition.pathNames.map((name) => [name, '']));
  for (const parameter of parameters) {
    const { type, in: place } = parameter;
    const isGiven = Object.hasOwn(given, parameter.name);
    const part = named.has(parameter.name) ? null : partThatHas(call, asked, parameter, parameters);
    if (part !== null) {
      if (isGiven) throw givenTwice(parameter.name, part);
      continue;
    }
    const value = isGiven ? given[parameter.name] : otherwise(parameter);
    const name = sentName(parameter);
    if (place === 'path' && named.has(parameter.name)) named.set(parameter.name, requireSegment(parameter.name, value));
    else if (place === 'path') segments.push([parameter.name, value]);
    if (place === 'path' || value === null || value === undefined) continue;
    if (type === 'file')
      files.push(...requireFiles(parameter.name, value).map((file): [string, TestFile] => [name, file]));
    else if (place === 'body') fields.push([name, value]);
    else if (place === 'header') call.request.headers.set(name, requireHeader(parameter.name, toText(value)));
    else if (Array.isArray(value)) for (const item of value) query.append(name, String(item));
    else query.set(name, toText(value));
  }
  if (query.size > 0) call.request.query += `${call.request.query === '' ? '' : '&'}${query.toString()}`;
  call.named = [...named.values()];
  call.request.path = call.request.path.replace(definition.path, () => fillNames(definition.path, named));
  if (call.subpath === '') call.request.path += call.subpath = toPath(segments);
  if (call.body === null) await fillBody(call, fields, files);
}

const toText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Returns the part of the test's own request that already occupies the place of a parameter, or null. */
function partThatHas(
  { body, subpath, request }: CallContext,
  query: URLSearchParams,
  parameter: EndpointParameter,
  all: readonly EndpointParameter[],
): 'body' | 'path' | 'query' | 'headers' | null {
  if (parameter.in === 'body') return body === null ? null : 'body';
  if (parameter.in === 'path') return subpath === '' ? null : 'path';
  const names = acceptedNames(parameter, all);
  if (parameter.in === 'query') return names.some((name) => query.has(name)) ? 'query' : null;
  return names.some((name) => request.headers.has(name)) ? 'headers' : null;
}

const givenTwice = (name: string, part: string): ApiError =>
  invalidField(`parameters/${name}`, 'contradiction', `belongs to request.${part}, which has it already`);

function requireHeader(name: string, text: string): string {
  if (/[\0\r\n]/.test(text))
    throw invalidField(`parameters/${name}`, 'invalid', 'must be one line: it is sent as a header');
  return text;
}

/** Puts the values of names, which are encoded, into the path of an endpoint. */
const fillNames = (path: string, named: ReadonlyMap<string, string>): string =>
  path
    .split('/')
    .map((segment) => (segment.startsWith(':') ? (named.get(segment.slice(1)) ?? segment) : segment))
    .join('/');

function requireSegment(name: string, value: unknown): string {
  if (value === null || value === undefined || value === '')
    throw invalidField(`parameters/${name}`, 'required', 'is required: it is a part of the path');
  return toSegment(name, value);
}

/** Encodes a value for the path, which has no form for a lone surrogate. */
function toSegment(name: string, value: unknown): string {
  const text = toText(value);
  if (!text.isWellFormed())
    throw invalidField(`parameters/${name}`, 'invalid', 'must be well-formed Unicode: it is a part of the path');
  return encodeURIComponent(text);
}

/** Other path parameters are positional: none can be left out before one that has a value. */
function toPath(segments: readonly Part[]): string {
  const isMissing = ([, value]: Part): boolean => value === null || value === undefined;
  const last = segments.findLastIndex((segment) => !isMissing(segment));
  const missing = segments.slice(0, last + 1).find(isMissing);
  if (missing)
    throw invalidField(`parameters/${missing[0]}`, 'required', 'is required: one after it in the path has a value');
  return segments
    .slice(0, last + 1)
    .map(([name, value]) => `/${toSegment(name, value)}`)
    .join('');
}

async function fillBody(call: MadeCall, fields: Part[], files: [string, TestFile][]): Promise<void> {
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

function requireFiles(name: string, value: unknown): TestFile[] {
  const read = readTestFiles(value);
  if ('issue' in read) throw invalidField(`parameters/${name}`, 'invalid_file', read.issue);
  return read.files;
}
