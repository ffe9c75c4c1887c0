import { parseJson } from './parse-json';

/** A request's body as steps see it: JSON, a form by field, or text; null when there is none. */
export interface Body {
  body: unknown;
  /** What was sent, with a byte order mark where there was one; empty for multipart. */
  text: string;
  bytes: Uint8Array;
}

export const NO_BODY: Body = { body: null, text: '', bytes: new Uint8Array() };
const DECODER = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

export async function readBody(request: Request): Promise<Body> {
  if (request.method === 'GET' || request.method === 'HEAD' || request.body === null) return NO_BODY;
  const bytes = new Uint8Array(await request.arrayBuffer());
  const type = request.headers.get('content-type') ?? '';
  if (/^multipart\/form-data/i.test(type)) {
    const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
    return { body: toFields(form), text: '', bytes };
  }
  const text = DECODER.decode(bytes);
  return { body: text === '' ? null : toBody(text, type), text, bytes };
}

function toBody(text: string, type: string): unknown {
  if (/^application\/x-www-form-urlencoded/i.test(type)) return toFields(new URLSearchParams(text));
  if (/^text\//i.test(type)) return text;
  try {
    return parseJson(text.replace(/^\ufeff/, ''));
  } catch {
    return text;
  }
}

/** Repeated fields become a list. */
function toFields(form: Iterable<[string, unknown]>): Record<string, unknown> {
  const fields = new Map<string, unknown[]>();
  for (const [name, value] of form) {
    const before = fields.get(name);
    if (before === undefined) fields.set(name, [value]);
    else before.push(value);
  }
  return Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

/** Bytes of one call of String.fromCharCode: its arguments go on the stack. */
const CHUNK = 8192;

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK) parts.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  return btoa(parts.join(''));
}
