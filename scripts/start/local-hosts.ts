import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** Names that always resolve to this machine. Without ports, because a forwarded port may have another number. */
const LOCAL = '127.0.0.1, localhost, [::1], *.localhost';

/**
 * Returns the setting PUBLIC_HOSTS of a local service: the names of this machine, and those that the secrets file adds, for example of a
 * tunnel. Without it, a page elsewhere could point its own name at this address (DNS rebinding).
 */
export function localHosts(port: number, vars: string): string {
  const more = existsSync(vars) ? parseEnv(readFileSync(vars, 'utf8')).PUBLIC_HOSTS : '';
  return `127.0.0.1:${port}, ${LOCAL}${more ? `, ${more}` : ''}`;
}
