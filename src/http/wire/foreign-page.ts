import { ApiError } from '../../kernel/errors';

/**
 * Checks whether a request comes from a page of another site, host name or port. Such pages must not use routes that need no credential, or
 * one that a browser sends by itself. Programs send neither header. `origin` is Portico's own.
 */
export function isForeignPage(headers: Headers, origin: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site === 'cross-site' || site === 'same-site') return true;
  const from = headers.get('origin');
  // Compares host and port only: a TLS proxy in front of Portico may turn https into http.
  return from !== null && authorityOf(from) !== authorityOf(origin);
}

/**
 * Checks whether a page of this very origin has sent the request: only then its cookies count. SameSite is not enough, because other ports
 * of a host are the same site. Browsers set `sec-fetch-site` at https addresses and at localhost; elsewhere `origin` decides.
 */
export function isOwnPage(headers: Headers, origin: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return false;
  return (site !== null || headers.get('origin') !== null) && !isForeignPage(headers, origin);
}

const authorityOf = (origin: string): string => origin.slice(origin.indexOf('//') + 2).toLowerCase();

/** Throws 403 `foreign_origin` for a request from a page of another site. */
export function assertNoForeignPage(headers: Headers, origin: string): void {
  if (!isForeignPage(headers, origin)) return;
  throw new ApiError(
    'foreign_origin',
    'A page of another site must send a credential of its own. Send this from a page of this service, or from a program.',
  );
}
