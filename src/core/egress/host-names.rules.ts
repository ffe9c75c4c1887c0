import { parse } from 'tldts';

/** The list is about names as DNS has them: what is no name (an address, a text of any kind) has no suffix. */
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
 * Domains whose names lead inside by design: to the machine itself, to the address that is written in the name, or into a private
 * network. A name of any other domain may be pointed at such an address as well; only its DNS knows.
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

/** Returns whether the name is below one of the domains that are known to lead inside. */
export function leadsInside(name: string): boolean {
  const labels = name.split('.');
  return labels.some((_, start) => INWARD.has(labels.slice(start).join('.')));
}
