/*
 * Credentials in plain text: a log line, an error message, one string of a larger value. Every expression here is bounded or starts
 * behind a lookbehind, so that hostile text is read in linear time.
 */

export const REDACTED = '[redacted]';

const NAME =
  /(^|[^a-z])(auth|authorization|tokens?|secrets?|passwords?|passwd|pwd|passphrase|credentials?|cookies?|session|apikeys?|privatekey|accesskey)($|[^a-z])|api[-_ ]?key|access[-_ ]?token|refresh[-_ ]?token|private[-_ ]?key|client[-_ ]?secret|x[-_ ]signature/i;
const MAX_SEEN = 1000;

/** Remembers what was said of a name: those of headers and members come again with every call. */
export function rememberNames(test: (name: string) => boolean): (name: string) => boolean {
  const seen = new Map<string, boolean>();
  return (name) => {
    const known = seen.get(name);
    if (known !== undefined) return known;
    const said = test(name);
    if (seen.size < MAX_SEEN && name.length <= 64) seen.set(name, said);
    return said;
  };
}

/** Does a name read as if its value were a credential? Splits camelCase, so that `userToken` counts and `tokenize` does not. */
export const isSensitiveName = rememberNames((name) =>
  NAME.test(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll('_', ' ')),
);

const VALUE =
  /ptk_[0-9A-Za-z]{8}_[0-9A-Za-z]{20,38}|-----BEGIN [A-Z ]{0,40}(PRIVATE KEY|CERTIFICATE)-----[\s\S]*?(-----END [A-Z ]{0,40}-----|$)/g;
const JWT = /eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*/y;
const WORD = /[A-Za-z0-9_-]*/y;
/** What follows the name of a scheme, when it holds a digit and is long: "Basic understanding" does neither. */
const SCHEME = /\b(Bearer|Basic|JWT)( +)(?=[^\s"',;]{0,200}[0-9])[A-Za-z0-9._~+/=-]{16,}/gi;
/** `name=value`, as in URLs and in messages about them. */
const PAIR = /(?<![A-Za-z0-9_.%-])([A-Za-z][A-Za-z0-9_.%-]{0,63})=([^\s&;,"'<>\\]+)/g;
/** `"name":` of JSON; in JSON within JSON the quotes carry backslashes, as many in front of each. */
const MEMBER = /(?<!\\)(\\*)"([^"\\]{1,64})\1"\s{0,20}:\s{0,20}/g;

const SUSPECT =
  /auth|token|secret|passw|pwd|passphrase|credential|cookie|session|key|signature|bearer|basic|jwt|ptk_|eyJ|-----BEGIN|\\u|%[0-9a-f]{2}/i;
/** True where any of the above can be in a text. Most texts fail it, and are stored as they are, unparsed. */
export const isSuspect = (text: string): boolean => SUSPECT.test(text);

const NONE: ReadonlySet<string> = new Set();

/** Text with everything in it that looks like a credential replaced, and the values of members and pairs that are named like one. */
export function redactText(text: string, sensitive: ReadonlySet<string> = NONE): string {
  if (sensitive.size === 0 && !isSuspect(text)) return text;
  const isHidden = (name: string): boolean => sensitive.has(name) || isSensitiveName(name);
  return redactMembers(redactJwts(text.replace(VALUE, REDACTED)), isHidden)
    .replace(SCHEME, `$1$2${REDACTED}`)
    .replace(PAIR, (pair, name: string) => (isHidden(decode(name)) ? `${name}=${REDACTED}` : pair));
}

/** By hand, because an expression would start anew at every `eyJ` of a long word. */
function redactJwts(text: string): string {
  let result = '';
  let done = 0;
  for (let at = text.indexOf('eyJ'); at !== -1; at = text.indexOf('eyJ', done > at ? done : WORD.lastIndex)) {
    JWT.lastIndex = WORD.lastIndex = at;
    if (JWT.test(text)) {
      result += text.slice(done, at) + REDACTED;
      done = JWT.lastIndex;
    } else WORD.test(text);
  }
  return result + text.slice(done);
}

function redactMembers(text: string, isHidden: (name: string) => boolean): string {
  let result = '';
  let done = 0;
  MEMBER.lastIndex = 0;
  for (let match = MEMBER.exec(text); match !== null; match = MEMBER.exec(text)) {
    if (!isHidden(match[2]!)) continue;
    const quote = `${match[1]}"`;
    const start = MEMBER.lastIndex;
    const end = endOfValue(text, start, quote);
    result += `${text.slice(done, start)}${quote}${REDACTED}${quote}`;
    done = end;
    MEMBER.lastIndex = end;
  }
  return result + text.slice(done);
}

/** Where a member's value ends: behind its closing quote, or before what ends a number or a word. A value that was cut ends the text. */
function endOfValue(text: string, start: number, quote: string): number {
  if (!text.startsWith(quote, start)) {
    const end = text.slice(start).search(/[\s,}\]]/);
    return end === -1 ? text.length : start + end;
  }
  let end = text.indexOf(quote, start + quote.length);
  // A quote with more backslashes in front is part of the value.
  while (end !== -1 && text[end - 1] === '\\') end = text.indexOf(quote, end + 1);
  return end === -1 ? text.length : end + quote.length;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
