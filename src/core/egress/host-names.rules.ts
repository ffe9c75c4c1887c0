import { parse } from 'tldts';

/** Returns the public suffix of a DNS name; null for an address or other text. */
const suffixOf = (name: string) => parse(name, { allowPrivateDomains: true, extractHostname: false });

/**
 * Returns whether anybody may register names below `name`, by the Public Suffix List: a top-level domain, `co.uk`, or the name of a
 * platform such as `workers.dev`.
 */
export const isPublicSuffix = (name: string): boolean => suffixOf(name).publicSuffix === name;

/** Returns whether the name ends in a top-level domain of the internet: `x.docker` and `db.svc` do not. */
export function hasPublicSuffix(name: string): boolean {
  const { isIcann, isPrivate } = suffixOf(name);
  return isIcann === true || isPrivate === true;
}

/**
 * Domains whose names resolve to internal addresses by design: the machine itself, the address that is written in the name, or a private
 * network. A name of any other domain may do so too, but only DNS shows it.
 */
const INWARD = new Set([
  '1u.ms',
  'ddev.site',
  'docksal.site',
  'fritz.box',
  'fuf.me',
  'lacolhost.com',
  'lndo.site',
  'local-ip.co',
  'local-ip.sh',
  'local.gd',
  'localho.st',
  'localhost.direct',
  'localtest.me',
  'lvh.me',
  'nip.io',
  'plex.direct',
  'rbndr.us',
  'rebind.network',
  'sslip.io',
  'traefik.me',
  'ts.net',
  'vcap.me',
  'xip.io',
]);

/** Returns whether the name is below a domain that is known to resolve to internal addresses. */
export function leadsInside(name: string): boolean {
  const labels = name.split('.');
  return labels.some((_, start) => INWARD.has(labels.slice(start).join('.')));
}
