import { redactText, REDACTED, isSensitiveName, isSuspect } from './redact-text.rules';

/*
 * What must not be stored is taken out before a run record leaves the isolate: credentials, sensitive parameters, and anything that
 * looks like a key, a JWT or a private key, at any depth and in whatever form the platform shows it.
 */

export { isSensitiveName, redactText, REDACTED } from './redact-text.rules';

/** A JSON-like value with sensitive members replaced, at any depth. */
export function redactValue(value: unknown, sensitive: ReadonlySet<string>, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value, sensitive);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 64) return REDACTED;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, sensitive, depth + 1));
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [name, item] of Object.entries(value)) {
    copy[name] = sensitive.has(name) || isSensitiveName(name) ? REDACTED : redactValue(item, sensitive, depth + 1);
  }
  return copy;
}

/** Text that is a form, whatever its content type says: `name=value&…`, without white space. */
const FORM = /^[^\s={}[\]"<>]+=[^\s{}"<>]*$/;

/** A body as it may be stored: by its members when it is JSON or a form, by its text otherwise. */
export function redactBody(text: string, contentType: string, sensitive: ReadonlySet<string>): string {
  if (sensitive.size === 0 && !isSuspect(text)) return text;
  const type = contentType.toLowerCase();
  // A part's name and its value stand lines apart: too far for rules about text.
  if (type.startsWith('multipart/') || /^--[^\r\n]{1,70}\r?\n/.test(text)) return REDACTED;
  if (type.includes('json') || /^\s*[{["]/.test(text)) {
    const parsed = tryParse(text);
    if (parsed !== undefined) return JSON.stringify(redactValue(parsed, sensitive));
    // JSON that was cut may spell a name with escapes, which only a parser could read.
    if (text.includes('\\u')) return REDACTED;
  }
  if (type.startsWith('application/x-www-form-urlencoded') || FORM.test(text)) return redactQuery(text, sensitive);
  return redactText(text, sensitive);
}

/** A query or urlencoded form with sensitive values replaced; everything else stays to the letter. */
export function redactQuery(query: string, sensitive: ReadonlySet<string>): string {
  if (sensitive.size === 0 && !isSuspect(query)) return query;
  return query
    .split('&')
    .map((pair) => {
      const [name = '', value = ''] = [...new URLSearchParams(pair)][0] ?? [];
      if (isSecret(name)) return REDACTED;
      const hide = sensitive.has(name) || isSensitiveName(name) || isSecret(value);
      return hide && pair.includes('=') ? `${pair.split('=', 1)[0]}=${REDACTED}` : pair;
    })
    .join('&');
}

/** The path of a call, with segments that look like credentials replaced, and those whose index is in `hidden`. */
export function redactPath(path: string, hidden: ReadonlySet<number>): string {
  if (hidden.size === 0 && !isSuspect(path)) return path;
  return path
    .split('/')
    .map((segment, index) => (hidden.has(index) || isSecret(decode(segment)) ? REDACTED : segment))
    .join('/');
}

const isSecret = (text: string): boolean => redactText(text) !== text;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Sensitive names as names of headers, which have no case. */
export const asHeaderNames = (sensitive: ReadonlySet<string>): ReadonlySet<string> =>
  sensitive.size === 0 ? sensitive : new Set([...sensitive].map((name) => name.toLowerCase()));

/**
 * A header's value as it may be stored: a credential by name, the rest by look. `name` is in lower case; `named` are
 * asHeaderNames(sensitive).
 */
export const redactHeader = (
  name: string,
  value: string,
  sensitive: ReadonlySet<string>,
  named = asHeaderNames(sensitive),
): string => (named.has(name) || isSensitiveName(name) ? REDACTED : redactText(value, sensitive).slice(0, 1024));

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
