import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { bootstrap, signIn, type AdminClient } from '../../../scripts/admin-client.ts';
import { applyMigrations } from '../../../scripts/start/migrations.ts';
import { membersOf } from '../../../scripts/start/process-group.ts';
import { ensureSecrets } from '../../../scripts/start/secrets.ts';
import { startService } from '../../../scripts/start/service.ts';
import { newHome } from './newcomer.ts';
import { portico, runNode, type Ran } from './portico.ts';

/** A started service that has nothing, and the project `shop` that the command makes and pushes to it. */
export interface Shop {
  origin: string;
  admin: AdminClient;
  password: string;
  /** The folder of all projects, which is the home of the user. */
  home: string;
  /** The folder of the project. */
  shop: string;
  env: { XDG_CONFIG_HOME: string; HOME: string };
  /** Runs the command as a user types it, in the project or in another folder. */
  run: (args: string, folder?: string, input?: string) => Promise<Ran>;
  /** Runs a script of the repository against the service, as an operator does. */
  runScript: (script: string, ...args: string[]) => Promise<Ran>;
  /** Calls the endpoint that `init` makes. */
  hello: () => Promise<unknown>;
  /** Number of audit entries, at most 100. */
  entries: () => Promise<number>;
  /** Signs in as the admin. Resolves with the token of a new session. */
  accessToken: () => Promise<string>;
  /** Stops the service, whose processes must end, and removes the home. */
  stop: () => Promise<void>;
}

export async function startShop(): Promise<Shop> {
  const { folder: home, vars, state, port } = await newHome();
  const { values } = ensureSecrets(vars);
  const password = values.LOCAL_ADMIN_PASSWORD;
  const [shop, env] = [join(home, 'shop'), { XDG_CONFIG_HOME: join(home, 'config'), HOME: home }];
  applyMigrations(state);
  let group = 0;
  const note = (started: number): void => void (group = started);
  const service = await startService({ port, persistTo: state, vars }, () => undefined, note);
  const { origin } = service;
  await bootstrap(origin, values.BOOTSTRAP_TOKEN, password);
  const admin = await signIn(origin, password);
  return {
    origin,
    admin,
    password,
    home,
    shop,
    env,
    run: (args, folder = shop, input) => portico(folder, args.split(' '), env, input),
    runScript: (script, ...args) =>
      runNode([script, ...args, '--url', origin], { env: { ...process.env, PORTICO_PASSWORD: password } }),
    hello: async () => (await fetch(`${origin}/u/hello?name=Ada`)).json(),
    entries: async () => (await admin.list('/admin/audit?limit=100')).length,
    accessToken: () => newToken(origin, password),
    stop: async () => {
      await service.stop();
      expect(membersOf(group)).toEqual([]);
      rmSync(home, { recursive: true });
    },
  };
}

async function newToken(origin: string, password: string): Promise<string> {
  const body = JSON.stringify({ name: 'admin', password });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${origin}/admin/session`, { method: 'POST', headers, body });
  return ((await response.json()) as { accessToken: string }).accessToken;
}
