import { rmSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { bootstrap, signIn } from '../../../scripts/admin-client.ts';
import { applyMigrations } from '../../../scripts/start/migrations.ts';
import { ensureSecrets } from '../../../scripts/start/secrets.ts';
import { startService, type Service } from '../../../scripts/start/service.ts';
import { newHome, type Home } from '../../local/support/newcomer.ts';
import { findChromium, LAUNCH_ARGS, LAUNCH_MS } from './chromium.ts';
import { seed, type Seeded } from './seed.ts';

/** Context of the suites of the console: a started service with objects of every kind. */
export interface Stage extends Seeded {
  origin: string;
  password: string;
}

interface House {
  stage: Stage;
  browser: Browser;
  close: () => Promise<void>;
}

const MISSING = `
******************************************************************************
  NO CHROMIUM: the tests of the console in a real browser are SKIPPED.
  Install one (Debian: apt-get install chromium), or name it: CHROMIUM=/path
******************************************************************************
`;

/** Starts the service and the browser, side by side. */
async function openHouse(): Promise<House | null> {
  const executablePath = findChromium();
  if (executablePath === null) {
    if (process.env.CI) throw new Error(MISSING);
    console.error(MISSING);
    return null;
  }
  const home = await newHome();
  const [browser, { service, stage }] = await Promise.all([
    chromium.launch({ executablePath, args: LAUNCH_ARGS, timeout: LAUNCH_MS }),
    start(home),
  ]);
  const close = async (): Promise<void> => {
    await Promise.all([browser.close(), service.stop()]);
    rmSync(home.folder, { recursive: true });
  };
  return { stage, browser, close };
}

async function start(home: Home): Promise<Pick<House, 'stage'> & { service: Service }> {
  const { values } = ensureSecrets(home.vars);
  applyMigrations(home.state);
  const where = { port: home.port, persistTo: home.state, vars: home.vars };
  const service = await startService(
    where,
    () => undefined,
    () => undefined,
  );
  const password = values.LOCAL_ADMIN_PASSWORD;
  await bootstrap(service.origin, values.BOOTSTRAP_TOKEN, password);
  const seeded = await seed(await signIn(service.origin, password));
  const origin = service.origin.replace('127.0.0.1', 'portico.localhost');
  return { service, stage: { ...seeded, password, origin } };
}

/** null where this machine has no Chromium. */
export const house = await openHouse();
