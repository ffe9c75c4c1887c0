import type { Context } from '../core/access/context';
import type { Settings } from '../core/access/settings';

/** Sends requests of user code from the Worker itself. A host of the setting LOCAL_EGRESS is replaced by its stand-in, which gets its name. */
export const createUpstream =
  ({ localEgress }: Pick<Settings, 'localEgress'>): Context['fetchUpstream'] =>
  (url, init) => {
    const instead = localEgress.get(url.hostname);
    if (instead === undefined) return fetch(url, init);
    const headers = new Headers(init.headers);
    headers.set('x-forwarded-host', url.host);
    return fetch(new URL(url.pathname + url.search, instead), { ...init, headers });
  };
