/** The names under which Portico is reached: the setting PUBLIC_HOSTS. */
export interface PublicHosts {
  /** Checks whether `host` or `host:port`, as in a URL, is one of them. */
  includes: (authority: string) => boolean;
  /** The first of them, with which links begin when a call used another host name. */
  first: string;
}

const NAME = String.raw`[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*`;
const ENTRY = new RegExp(String.raw`^(?<host>(\*\.)?${NAME}|\[[0-9a-f:.]+\])(:(?<port>[0-9]{1,5}))?$`);

interface Entry {
  /** In lower case; `*.` at its start covers every name below it. */
  host: string;
  /** Empty for any port. */
  port: string;
}

/**
 * Reads names separated by commas or spaces: `api.example.com`, `127.0.0.1:8787`, `[::1]`, `*.example.com` for every name below it. A name
 * without a port counts at every port. Throws an Error with the reason for a text that cannot be read; the first name may not have a `*`.
 */
export function parsePublicHosts(text: string): PublicHosts {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  const entries = words.map(readEntry);
  const first = words[0];
  if (first === undefined || first.startsWith('*'))
    throw new Error('PUBLIC_HOSTS must begin with a name without *: links begin with it');
  const includes = (authority: string): boolean => {
    const { host, port } = split(authority.toLowerCase());
    return entries.some((entry) => (entry.port === '' || entry.port === port) && covers(entry.host, host));
  };
  // Every call checks, and nearly all use the same host name.
  let last = first;
  let isIncluded = includes(first);
  return {
    first,
    includes: (authority) => {
      if (authority !== last) {
        isIncluded = includes(authority);
        last = authority;
      }
      return isIncluded;
    },
  };
}

function readEntry(word: string): Entry {
  const { host, port } = ENTRY.exec(word)?.groups ?? {};
  if (host === undefined)
    throw new Error(
      `PUBLIC_HOSTS must be host names such as api.example.com, not ${JSON.stringify(word.slice(0, 260))}`,
    );
  return { host, port: port ?? '' };
}

const covers = (pattern: string, host: string): boolean =>
  pattern.startsWith('*.') ? host.length > pattern.length - 1 && host.endsWith(pattern.slice(1)) : host === pattern;

/** A dot at the end of a name does not change it. */
function split(authority: string): Entry {
  const colon = /:([0-9]*)$/.exec(authority);
  const host = colon ? authority.slice(0, colon.index) : authority;
  return { host: host.endsWith('.') ? host.slice(0, -1) : host, port: colon?.[1] ?? '' };
}
