import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { writePrivately } from '../private-file.ts';

/**
 * Record of this machine about an environment that it deployed: its secrets, and the rest of a deploy that was interrupted. The file is
 * outside the project, for its owner alone. Having it is what makes a Worker and its resources ours: see plan.ts.
 */
export interface DeployRecord {
  file: string;
  isNew: boolean;
  get: (name: Entry) => string | undefined;
  /** Writes the file. undefined removes an entry. */
  set: (entries: Partial<{ [name in Entry]: string | undefined }>) => void;
}

const RANDOM = {
  AUTH_SECRET: () => randomBytes(32).toString('base64url'),
  KEY_PEPPER: () => randomBytes(32).toString('base64url'),
  SECRETS_KEY: () => randomBytes(32).toString('base64'),
  BOOTSTRAP_TOKEN: () => randomBytes(32).toString('base64url'),
} as const;

export type SecretName = keyof typeof RANDOM;
/**
 * ADMIN_PASSWORD is there until it has been printed. DEPLOY_PASSWORD is of the user `deploy`, for the checks. FOLDER is the one that was
 * deployed, RELEASE the last complete upload.
 */
export type Entry = SecretName | 'ADMIN_PASSWORD' | 'DEPLOY_PASSWORD' | 'FOLDER' | 'RELEASE';

export const newPassword = (): string => randomBytes(18).toString('base64url');
export const newSecret = (name: SecretName): string => RANDOM[name]();

const HEADING = `# Portico: secrets of a deployed environment. Keep a copy where you keep passwords: Cloudflare does not show them again,
# and a backup of the database is of little use without KEY_PEPPER and SECRETS_KEY.
`;

/** Returns the file for an environment: in $XDG_CONFIG_HOME or ~/.config, by account and Worker. */
export function recordFile(env: NodeJS.ProcessEnv, account: string, worker: string): string {
  const home = env.XDG_CONFIG_HOME ?? join(env.HOME ?? homedir(), '.config');
  return join(home, 'portico', account, `${worker}.env`);
}

/** Opens the record of an environment. Throws an Error for a secret that the service would not use. */
export function openRecord(file: string): DeployRecord {
  const isNew = !existsSync(file);
  if (!isNew) chmodSync(file, 0o600);
  const entries = isNew ? {} : (parseEnv(readFileSync(file, 'utf8')) as Partial<{ [name in Entry]: string }>);
  for (const name of Object.keys(RANDOM) as SecretName[]) expectUsable(file, name, entries[name]);
  return {
    file,
    isNew,
    get: (name) => (entries[name] === '' ? undefined : entries[name]),
    set: (changes) => {
      Object.assign(entries, changes);
      const lines = Object.entries(entries).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name}=${value}\n`],
      );
      writePrivately(file, HEADING + lines.join(''));
    },
  };
}

/**
 * Throws an Error for a secret that breaks the rules of src/settings.ts: the service would start and refuse calls. `place` is a file, or says
 * where it comes from.
 */
export function expectUsable(place: string, name: SecretName, value: string | undefined): void {
  if (value === undefined || value === '') return;
  const advice = 'Correct it, or remove the line if it was never deployed.';
  if (name === 'SECRETS_KEY' && !/^[A-Za-z0-9+/]{43}=$/.test(value))
    throw new Error(`SECRETS_KEY in ${place} must be 32 bytes in base64. ${advice}`);
  if (Buffer.byteLength(value) < 32) throw new Error(`${name} in ${place} must have at least 32 bytes. ${advice}`);
}
