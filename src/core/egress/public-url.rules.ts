import { egressHostIssue, isLocalUpstream } from './egress.rules';

/** Returns why this service does not send a request to a URL of a setting, or null: https, the default port, a public host. */
export function publicUrlIssue(text: string): string | null {
  if (!URL.canParse(text)) return 'must be a URL';
  const { protocol, port, username, password, hostname } = new URL(text);
  if (protocol !== 'https:' || port !== '' || username !== '' || password !== '')
    return 'must begin with https://, without port and credentials';
  return isLocalUpstream(hostname) ? 'names an internal network' : egressHostIssue(hostname);
}
