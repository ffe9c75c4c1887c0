/** Rules for the cookies of an endpoint. */
export interface CookiePolicy {
  /** Names that the handler may set and read. */
  cookies: ReadonlySet<string>;
  /** The path at which the endpoint was called, without its subpath: cookies are sent to nothing above or beside it. */
  basePath: string;
}

const MAX_COOKIE_CHARS = 4096;
/** Characters of a `Cookie` header that are read. */
const MAX_HEADER_CHARS = 16_384;

/**
 * RFC 6265: visible ASCII without quotes, commas, semicolons and backslashes. In quotes also spaces, and any byte escaped as Python's flask
 * and `http.cookies` do: `\"`, `\\`, `\073`.
 */
const VALUE = /^(?:[!#-+\--:<-[\]-~]*|"(?:[ !#-+\--:<-[\]-~]|\\["\\]|\\[0-3][0-7]{2})*")$/;

/**
 * Rebuilds a `Set-Cookie` from its name, value and lifetime. It is always Secure, HttpOnly and of this host; SameSite is Lax, or Strict where
 * the handler asks for it; the path is that of the endpoint, or one below it. Returns an issue for a cookie that must not be set.
 */
export function toCookie(given: string, policy: CookiePolicy): { cookie: string } | { issue: string } {
  const [pair = '', ...attributes] = given.split(';');
  const equals = pair.indexOf('=');
  const name = pair.slice(0, Math.max(0, equals)).trim();
  const value = pair.slice(equals + 1).trim();
  if (!policy.cookies.has(name)) return { issue: `response.cookies does not list ${quoted(name)}` };
  if (!VALUE.test(value) || name.length + value.length > MAX_COOKIE_CHARS)
    return {
      issue: `the value of ${name} must be at most ${MAX_COOKIE_CHARS} visible ASCII characters without quotes, commas, semicolons and backslashes`,
    };
  const asked = new Map(attributes.map(readAttribute));
  const path = asked.get('path') ?? '';
  const lifetime = [maxAgeOf(asked.get('max-age')), expiryOf(asked.get('expires'))].filter((part) => part !== null);
  const site = asked.get('samesite')?.toLowerCase() === 'strict' ? 'Strict' : 'Lax';
  const parts = [
    `${name}=${value}`,
    `Path=${pathWithin(path, policy.basePath)}`,
    ...lifetime,
    'Secure',
    'HttpOnly',
    `SameSite=${site}`,
  ];
  return { cookie: parts.join('; ') };
}

const quoted = (name: string): string => (name === '' ? 'a cookie without a name' : name.slice(0, 64));

function readAttribute(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  return equals === -1
    ? [text.trim().toLowerCase(), '']
    : [text.slice(0, equals).trim().toLowerCase(), text.slice(equals + 1).trim()];
}

const maxAgeOf = (text: string | undefined): string | null =>
  text !== undefined && /^-?[0-9]{1,10}$/.test(text) ? `Max-Age=${text}` : null;

function expiryOf(text: string | undefined): string | null {
  const at = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(at) ? null : `Expires=${new Date(at).toUTCString()}`;
}

/** A semicolon of the URL would begin another attribute. */
function pathWithin(asked: string, base: string): string {
  const own = base.replace(/\/+$/, '').replaceAll(';', '%3B');
  return asked.startsWith(`${own}/`) && /^[!-~]{1,1024}$/.test(asked) ? asked : own;
}

export const COOKIE_HEADER = 'cookie';

/** Returns the cookies of a request that an endpoint lists, as a `Cookie` header; empty without any. */
export function listedCookies(header: string | null, names: ReadonlySet<string>): string {
  if (header === null || header.length > MAX_HEADER_CHARS) return '';
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => names.has(pair.slice(0, Math.max(0, pair.indexOf('='))).trim()))
    .join('; ');
}
