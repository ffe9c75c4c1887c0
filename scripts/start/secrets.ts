import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { writePrivately } from '../private-file.ts';

/** Secrets of a local service, with their generators: 32 random bytes each, in the alphabet that its reader expects. */
const MAKE = {
  BOOTSTRAP_TOKEN: () => randomBytes(32).toString('base64url'),
  AUTH_SECRET: () => randomBytes(32).toString('base64url'),
  KEY_PEPPER: () => randomBytes(32).toString('base64url'),
  SECRETS_KEY: () => randomBytes(32).toString('base64'),
  LOCAL_ADMIN_PASSWORD: () => randomBytes(24).toString('base64url'),
} as const satisfies Record<string, () => string>;

type SecretName = keyof typeof MAKE;
export interface LocalSecrets {
  values: Record<SecretName, string>;
  /** Names of the secrets that this start created. */
  made: SecretName[];
}

/**
 * Reads the secrets file and adds missing or empty secrets. Never changes an existing value. Leaves the file readable by its owner alone.
 */
export function ensureSecrets(file: string): LocalSecrets {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : HEADING;
  const found = parseEnv(before);
  const names = Object.keys(MAKE) as SecretName[];
  const made = names.filter((name) => !found[name]);
  if (made.length > 0) writePrivately(file, made.reduce(add, before));
  chmodSync(file, 0o600);
  const values = parseEnv(readFileSync(file, 'utf8'));
  return { values: Object.fromEntries(names.map((name) => [name, values[name]!])) as LocalSecrets['values'], made };
}

/** Lets a newcomer's PLynx client work without an account. Only in a new file: the owner of an existing one has already decided. */
const SWITCHES = 'PLYNX_DEFAULT_USER=1\nPLYNX_DEMO=1\n';
const HEADING = `# Secrets of the local service. Not committed, not deployed; .dev.vars.example describes each.\n${SWITCHES}`;

/** Fills an empty `NAME=` in its place, as in a copy of .dev.vars.example; appends a missing name. */
function add(text: string, name: SecretName): string {
  const line = `${name}=${MAKE[name]()}`;
  const empty = new RegExp(`^${name}[ \\t]*=[ \\t]*(""|'')?[ \\t]*$`, 'm');
  if (empty.test(text)) return text.replace(empty, line);
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`;
}
