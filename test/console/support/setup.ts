import { rmSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { bootstrap, signIn } from '../../../scripts/admin-client.ts';
import { ensureSecrets } from '../../../scripts/start/secrets.ts';
import { applyMigrations, startService, type Service } from '../../../scripts/start/service.ts';
import { newHome, type Home } from '../../local/support/newcomer.ts';
import { findChromium, LAUNCH_ARGS, LAUNCH_MS } from './chromium.ts';
import { seed, type Seeded } from './seed.ts';

/** What the tests of the console get: a started service with objects of every kind, and a browser. */
export interface Stage extends Seeded {
  origin: string;
  password: string;
  /** Address of the browser for `chromium.connect`. */
  browser: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** null where this machine has no Chromium. */
    stage: Stage | null;
  }
}

const MISSING = `
******************************************************************************
  NO CHROMIUM: the tests of the console in a real browser are SKIPPED.
  Install one (Debian: apt-get install chromium), or name it: CHROMIUM=/path
******************************************************************************
`;

/** Starts one service and one browser for all files, side by side. Returns what ends both. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const executablePath = findChromium();
  if (executablePath === null) {
    if (process.env.CI) throw new Error(MISSING);
    console.error(MISSING);
    project.provide('stage', null);
    return () => Promise.resolve();
  }
  const home = await newHome();
  const [browser, { service, ...started }] = await Promise.all([
    chromium.launchServer({ executablePath, args: LAUNCH_ARGS, timeout: LAUNCH_MS }),
    start(home),
  ]);
  project.provide('stage', { ...started, browser: browser.wsEndpoint() });
  return async () => {
    await Promise.all([browser.close(), service.stop()]);
    rmSync(home.folder, { recursive: true });
  };
}

async function start(home: Home): Promise<Omit<Stage, 'browser'> & { service: Service }> {
  const { values } = ensureSecrets(home.vars);
  await applyMigrations(home.state, () => undefined);
  const where = { port: home.port, persistTo: home.state, vars: home.vars };
  const service = await startService(
    where,
    () => undefined,
    () => undefined,
  );
  const password = values.LOCAL_ADMIN_PASSWORD;
  await bootstrap(service.origin, values.BOOTSTRAP_TOKEN, password);
  const seeded = await seed(await signIn(service.origin, password));
  return { ...seeded, service, password, origin: service.origin.replace('127.0.0.1', 'portico.localhost') };
}
