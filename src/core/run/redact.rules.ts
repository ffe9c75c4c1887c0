/*
 * What must not be stored is taken out before a run record leaves the isolate: credentials, sensitive parameters, and anything that
 * looks like a key, a JWT or a private key, at any depth.
 */

export const REDACTED = '[redacted]';

const NAME =
  /(^|[^a-z])(auth|authorization|token|secret|password|passwd|pwd|passphrase|credential|credentials|cookie|session|apikey|privatekey|accesskey)($|[^a-z])|api[-_ ]?key|access[-_ ]?token|refresh[-_ ]?token|private[-_ ]?key|client[-_ ]?secret|x[-_]signature/i;
const VALUE =
  /\bptk_[0-9A-Za-z]{8}_[0-9A-Za-z]{20,38}|\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*|-----BEGIN [A-Z ]*(PRIVATE KEY|CERTIFICATE)-----[\s\S]*?(-----END [A-Z ]*-----|$)/g;
/** True where one of the above can be in a text at all. Most bodies fail it, and are stored as they are, unparsed. */
const SUSPECT =
  /auth|token|secret|passw|pwd|passphrase|credential|cookie|session|key|signature|ptk_|eyJ|-----BEGIN|\\u/i;

/** Does a name read as if its value were a credential? Splits camelCase, so that `userToken` counts and `tokenize` does not. */
export const isSensitiveName = (name: string): boolean =>
  NAME.test(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll('_', ' '));

/** Text with everything in it that looks like a credential replaced. */
export const redactText = (text: string): string => (SUSPECT.test(text) ? text.replace(VALUE, REDACTED) : text);

/** A JSON-like value with sensitive members replaced, at any depth. */
export function redactValue(value: unknown, sensitive: ReadonlySet<string>, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 64) return REDACTED;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, sensitive, depth + 1));
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [name, item] of Object.entries(value)) {
    copy[name] = sensitive.has(name) || isSensitiveName(name) ? REDACTED : redactValue(item, sensitive, depth + 1);
  }
  return copy;
}

/** A body as it may be stored: by its members when it is JSON or a form, by its text otherwise. */
export function redactBody(text: string, contentType: string, sensitive: ReadonlySet<string>): string {
  if (sensitive.size === 0 && !SUSPECT.test(text)) return text;
  if (contentType.includes('json') || text.startsWith('{') || text.startsWith('[')) {
    const parsed = tryParse(text);
    // JSON that was cut, or never was any: nothing can be said of its members, so only its shape is kept.
    if (parsed === undefined) return SUSPECT.test(text) || sensitive.size > 0 ? REDACTED : text;
    return JSON.stringify(redactValue(parsed, sensitive));
  }
  if (contentType.startsWith('application/x-www-form-urlencoded')) return redactQuery(text, sensitive);
  if (contentType.startsWith('multipart/')) return REDACTED;
  return redactText(text);
}

/** A query or urlencoded form with sensitive values replaced; everything else stays to the letter. */
export function redactQuery(query: string, sensitive: ReadonlySet<string>): string {
  return query
    .split('&')
    .map((pair) => {
      const name = decodeName(pair.split('=', 1)[0]!);
      return sensitive.has(name) || isSensitiveName(name) ? `${pair.split('=', 1)[0]}=${REDACTED}` : redactText(pair);
    })
    .join('&');
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Headers as they may be stored: credentials by name, the rest by look. */
export function redactHeaders(
  headers: Iterable<[string, string]>,
  sensitive: ReadonlySet<string>,
): Record<string, string> {
  const copy = Object.create(null) as Record<string, string>;
  for (const [name, value] of headers)
    copy[name] = sensitive.has(name) || isSensitiveName(name) ? REDACTED : redactText(value).slice(0, 1024);
  return copy;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Values that are too short to look for: they would turn up everywhere. */
const MIN_VALUE = 6;

/** Replaces every occurrence of the given values in all texts of a structure, plain, URL-encoded or base64. */
export function scrubValues<T>(value: T, values: readonly string[]): T {
  const needles = values
    .filter((text) => text.length >= MIN_VALUE)
    .flatMap((text) => [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), toBase64(text)])
    // Longest first, so that a value which holds another one goes whole.
    .sort((a, b) => b.length - a.length);
  if (needles.length === 0) return value;
  const scrub = (item: unknown): unknown => {
    if (typeof item === 'string') return needles.reduce((text, needle) => text.replaceAll(needle, REDACTED), item);
    if (Array.isArray(item)) return item.map(scrub);
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([name, member]) => [scrub(name) as string, scrub(member)]));
  };
  return scrub(value) as T;
}

const toBase64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
