import { boundedMap } from '../../kernel/bounded-map';
import { isClosedToAnswers, isUnasked, mayAnswer, SANDBOX_HEADERS } from '../../kernel/http-headers';
import { toCookie, type CookiePolicy } from './cookie.rules';
import { leadsTo } from '../egress/redirect-host.rules';

/** The headers that an endpoint allows in its responses. */
export interface HeaderPolicy extends CookiePolicy {
  /** `https://host` of the call, to which links and redirects may lead. */
  origin: string;
  /** Hosts beyond it (`response.redirects`). */
  redirects: readonly string[];
  /** Names of headers beyond the usual ones (`response.headers`), in lower case. */
  headers: ReadonlySet<string>;
  /** True for a public endpoint: only then may a cache share a response between callers. */
  isPublic: boolean;
}

const MAX_HEADERS = 32;
const MAX_HEADER_BYTES = 8192;

/** Headers that a response has at most once: the last value set counts. Any other may be repeated. */
const SINGLE = new Set([
  'content-disposition',
  'content-location',
  'content-range',
  'content-type',
  'etag',
  'expires',
  'last-modified',
  'location',
  'retry-after',
]);

const PLAIN = { ...SANDBOX_HEADERS, 'cache-control': 'no-store' };
/** Types are the handlers' choice, so their number is bounded. */
const plain = boundedMap<Headers>(100);
const withoutType = new Headers(PLAIN);
const allPlain = new WeakSet<Headers>([withoutType]);

/** Checks whether headers are those of `plainHeaders`, which many responses share. */
export const arePlain = (headers: Headers): boolean => allPlain.has(headers);

/**
 * Returns the headers of a response whose handler set none but its type: those of every response, and a content type where it has a body.
 * Shared by all such responses, because the platform copies a whole Headers object faster than it sets five headers: never change them.
 * Throws a TypeError for a type that is not valid HTTP.
 */
export function plainHeaders(contentType: string | null): Headers {
  if (contentType === null) return withoutType;
  let headers = plain.get(contentType);
  if (headers === undefined) {
    headers = new Headers({ ...PLAIN, 'content-type': contentType });
    plain.set(contentType, headers);
    allPlain.add(headers);
  }
  return headers;
}

/** Copies the allowed headers of a handler's response. Returns a reason when the response cannot be sent at all. */
export function copyHeaders(
  source: Iterable<[string, string]>,
  policy: HeaderPolicy,
  isRedirect: boolean,
): { headers: Headers; warnings: string[] } | string {
  const headers = new Headers(SANDBOX_HEADERS);
  const warnings: string[] = [];
  let count = 0;
  let bytes = 0;
  for (const [rawName, given] of source) {
    const name = rawName.toLowerCase();
    const { value, issue } =
      name === 'set-cookie'
        ? cookieOf(given, policy)
        : { value: given, issue: headerIssue(name, given, policy, isRedirect) };
    if (issue !== null) {
      if (!isUnasked(name) && SANDBOX_HEADERS[name] !== given && warnings.length < MAX_HEADERS)
        warnings.push(`the header ${name.slice(0, 64)} was left out: ${issue}`);
      continue;
    }
    count += 1;
    bytes += name.length + value.length;
    if (count > MAX_HEADERS || bytes > MAX_HEADER_BYTES)
      return `more than ${MAX_HEADERS} headers, or more than ${MAX_HEADER_BYTES} bytes of them`;
    try {
      if (SINGLE.has(name)) headers.set(name, value);
      else headers.append(name, value);
    } catch {
      return 'a header is not valid HTTP';
    }
  }
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
  else if (!policy.isPublic || headers.has('set-cookie')) keepPrivate(headers, warnings);
  return { headers, warnings };
}

function cookieOf(given: string, policy: HeaderPolicy): { value: string; issue: string | null } {
  if (policy.cookies.size === 0)
    return {
      value: '',
      issue: 'the endpoint sets no cookies (response.cookies); send a token in the body, or in a header of your own',
    };
  const read = toCookie(given, policy);
  return 'issue' in read ? { value: '', issue: read.issue } : { value: read.cookie, issue: null };
}

/**
 * Returns why a header must not be sent, or null. A redirect to another host is an issue of the whole response, so it is not checked here.
 */
function headerIssue(name: string, value: string, policy: HeaderPolicy, isRedirect: boolean): string | null {
  if (name === 'content-encoding') return 'handlers may not set it; return the body uncompressed';
  if (!mayAnswer(name, policy.headers))
    return `handlers may not set it${isClosedToAnswers(name) ? '' : ', unless response.headers lists it'}`;
  switch (name) {
    case 'location':
      return isRedirect || leadsTo(policy, value) ? null : 'it leads to a host that response.redirects does not list';
    case 'content-location':
      return leadsTo(policy, value) ? null : 'it leads to a host that response.redirects does not list';
    case 'link':
      return linksOf(value).every((target) => leadsTo(policy, target))
        ? null
        : 'it leads to a host that response.redirects does not list';
    case 'www-authenticate':
      return asksForTokens(value)
        ? null
        : 'only Bearer and DPoP are allowed; for any other scheme a browser asks its user for a password';
    case 'content-disposition':
      return isRunnable(value) ? 'a file of that name could be executed when opened' : null;
    default:
      return null;
  }
}

/** Returns the targets of a Link header (RFC 8288). */
const linksOf = (value: string): string[] => [...value.matchAll(/<([^>]*)>?/g)].map(([, target]) => target!);

/**
 * Checks that a `WWW-Authenticate` names token schemes only. For Basic, Digest and others, browsers open a dialog that asks for a password
 * and send it to the handler.
 */
const asksForTokens = (value: string): boolean =>
  value
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '')
    .split(',')
    .every((part, index) => /^\s*(bearer|dpop)(\s|$)/i.test(part) || (index > 0 && /^\s*[\w-]+\s*=|^\s*$/.test(part)));

/** Extensions of files that some system or browser executes when they are opened. */
const RUNNABLE = new RegExp(
  `\\.(${[
    'apk app application appref-ms appx bat chm cmd com command cpl deb desktop dll dmg exe gadget hta htm html inf ipa iso img jar',
    'jnlp js jse ksh lnk mht mhtml mjs msc msi msix msp mst pif pkg ps1 psm1 py pyw rb reg rpm scf scr sct sh shtml svg svgz swf url',
    'vb vbe vbs vhd vhdx webloc website ws wsc wsf wsh xbap xht xhtm xhtml xll zsh',
  ]
    .join(' ')
    .replaceAll(' ', '|')})["'\\s.]*(;|$)`,
  'i',
);

/**
 * Checks whether a Content-Disposition names such a file, in quotes, with escapes or as `filename*`. Encoded words are not decoded, but
 * refused.
 */
function isRunnable(value: string): boolean {
  if (value.includes('=?')) return true;
  const plain = value.replaceAll('\\', '');
  try {
    return RUNNABLE.test(plain) || RUNNABLE.test(decodeURIComponent(plain));
  } catch {
    return RUNNABLE.test(
      plain.replaceAll(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    );
  }
}

/**
 * A cache between caller and Portico distinguishes callers by `Authorization` at most, so a response to one must not be kept for others.
 */
function keepPrivate(headers: Headers, warnings: string[]): void {
  const parts = headers
    .get('cache-control')!
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '');
  if (parts.includes('no-store')) return;
  headers.append('vary', 'authorization, x-api-key');
  if (parts.some((part) => part === 'public' || part.startsWith('s-maxage')))
    warnings.push('cache-control was made private: the endpoint is not public, or the response sets a cookie');
  const kept = parts.filter((part) => part !== 'public' && part !== 'private' && !part.startsWith('s-maxage'));
  headers.set('cache-control', ['private', ...kept].join(', '));
}
