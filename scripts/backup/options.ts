import { existsSync, readFileSync } from 'node:fs';
import { parseArgs, parseEnv } from 'node:util';

/** The service that a command works on. */
export interface Place {
  origin: string;
  user: string;
  /** The deployed environment whose bookmarks are read; null: none. */
  env: string | null;
}
export interface BackupOptions extends Place {
  /** null: a folder with the name of the service and the time. */
  to: string | null;
}
export interface RestoreOptions extends Place {
  folder: string;
  replace: boolean;
  otherSecrets: string[];
  /** Only check the folder. */
  check: boolean;
}

const LOCAL = 'http://127.0.0.1:8787';
const PLACE = {
  url: { type: 'string', default: LOCAL },
  user: { type: 'string', default: 'admin' },
  env: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const PLACE_USAGE = `  --url ORIGIN           address of the service (${LOCAL})
  --user NAME            an admin; PORTICO_PASSWORD has the password, or a prompt asks for it (admin)
  --env NAME             the deployed environment at that address, such as production: its D1 bookmarks are noted (login of the deploy)
  --help                 this text`;

export const BACKUP_USAGE = `npm run backup -- [options]

  --to FOLDER            a new folder for the backup (backups/HOST-TIME)
${PLACE_USAGE}`;

export const RESTORE_USAGE = `npm run restore -- FOLDER [options]

  --check                check the folder and change nothing
  --replace              restore into a service that is not empty: what it has is lost
  --other-secrets NAMES  restore although secrets differ, such as KEY_PEPPER,SECRETS_KEY: what they protect stops working
${PLACE_USAGE}`;

/** Parses the arguments; null when help was requested. Throws an Error with the correct usage. */
export function readBackupOptions(args: string[]): BackupOptions | null {
  const { values } = parseArgs({ args, options: { ...PLACE, to: { type: 'string' } } });
  return values.help ? null : { ...toPlace(values), to: values.to ?? null };
}

export function readRestoreOptions(args: string[]): RestoreOptions | null {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...PLACE,
      replace: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      'other-secrets': { type: 'string', default: '' },
    },
  });
  if (values.help) return null;
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new Error(`Name one folder.\n\n${RESTORE_USAGE}`);
  const otherSecrets = values['other-secrets'].split(',').filter((name) => name !== '');
  return { ...toPlace(values), folder, replace: values.replace, otherSecrets, check: values.check };
}

function toPlace({ url, user, env }: { url: string; user: string; env?: string | undefined }): Place {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Error(`--url must be like https://api.example.com, not "${url}".`);
  return { origin: new URL(url).origin, user, env: env ?? null };
}

/** The file with the secrets of a local service. */
const LOCAL_VARS = '.dev.vars';

/**
 * Returns the password: of the environment, of the local service of this folder, or as it is typed. Throws an Error where there is none.
 */
export async function readPassword(
  { origin, user }: Place,
  env: NodeJS.ProcessEnv,
  ask: (question: string) => Promise<string | null>,
): Promise<string> {
  if (env.PORTICO_PASSWORD) return env.PORTICO_PASSWORD;
  if (origin === LOCAL && user === 'admin' && existsSync(LOCAL_VARS)) {
    const own = parseEnv(readFileSync(LOCAL_VARS, 'utf8')).LOCAL_ADMIN_PASSWORD;
    if (own) return own;
  }
  const typed = await ask(`Password of ${user} at ${origin}: `);
  if (typed) return typed;
  throw new Error(`Put the password of ${user} into the environment variable PORTICO_PASSWORD.`);
}
