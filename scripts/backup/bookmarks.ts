import type { Unstable_RawConfig as RawConfig } from 'wrangler';
import { findAccount, findDatabases } from '../deploy/account.ts';
import { createCloudflare, type Cloudflare } from '../deploy/cloudflare.ts';
import { readWranglerToml } from '../deploy/config-file.ts';
import { configOf, toEnvironment } from '../deploy/config.ts';
import { API } from '../deploy/deploy.ts';
import { readCredentials, runWrangler } from '../deploy/wrangler.ts';

/** Points to which D1's Time Travel can set databases back, by their names. */
export type Bookmarks = Record<string, string>;

/** Reads the bookmarks of the databases of a deployed environment, with the login of the deploy. Throws an Error where it has none. */
export async function readBookmarksOf(name: string, env: NodeJS.ProcessEnv): Promise<Bookmarks> {
  const raw = readWranglerToml();
  const config = configOf(raw, toEnvironment(raw, name === 'production' ? null : name));
  const credentials = await readCredentials(runWrangler(env));
  const cloudflare = createCloudflare(env.CLOUDFLARE_API_BASE_URL ?? API, credentials);
  const { id } = await findAccount(cloudflare, env.CLOUDFLARE_ACCOUNT_ID);
  return readBookmarks(cloudflare, id, config);
}

/** Reads the bookmarks of the databases of a configuration. Throws an Error for one that does not exist. */
export async function readBookmarks(cloudflare: Cloudflare, account: string, config: RawConfig): Promise<Bookmarks> {
  const databases = await findDatabases(cloudflare, `/accounts/${account}`, config);
  if (databases.length !== config.d1_databases?.length)
    throw new Error(`The account does not have all databases of ${config.name}. Is it deployed?`);
  const read = databases.map(async ({ name, id }) => {
    const path = `/accounts/${account}/d1/database/${id}/time_travel/bookmark?`;
    const { bookmark } = await cloudflare.get<{ bookmark: string }>(path);
    return [name, bookmark] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

/** Returns the commands that set databases back. */
export const renderBookmarks = (bookmarks: Bookmarks): string[] =>
  Object.entries(bookmarks).map(
    ([name, bookmark]) => `  npx wrangler d1 time-travel restore ${name} --bookmark=${bookmark}`,
  );
