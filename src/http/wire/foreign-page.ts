import { ApiError } from '../../kernel/errors';

/**
 * Does a request come from a page of another site, another name or another port? What counts without a credential, or by one that a browser
 * sends by itself, is not theirs to ask for. Programs send neither header. `origin` is Portico's own.
 */
export function isForeignPage(headers: Headers, origin: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site === 'cross-site' || site === 'same-site') return true;
  const from = headers.get('origin');
  // By host and port: in front of Portico the end of TLS may make https of http.
  return from !== null && authorityOf(from) !== authorityOf(origin);
}

const authorityOf = (origin: string): string => origin.slice(origin.indexOf('//') + 2).toLowerCase();

/** Throws 403 `foreign_origin` for such a request. */
export function assertNoForeignPage(headers: Headers, origin: string): void {
  if (!isForeignPage(headers, origin)) return;
  throw new ApiError(
    'foreign_origin',
    'A page of another site must send a credential of its own. Send this from a page of this service, or from a program.',
  );
}
