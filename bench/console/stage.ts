import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMigrations } from '../../scripts/start/migrations.ts';
import { freePortAfter } from '../../scripts/start/ports.ts';
import { startService } from '../../scripts/start/service.ts';
import { idle } from '../measure.ts';
import { openPortico } from '../service/portico.ts';
import { SECRETS, serve } from '../service/serve.ts';
import { fill, type Filled } from './fill.ts';

/** A started service, filled, as `npm start` serves it: files compressed, and at a host of its own. */
export interface Stage extends Filled {
  /** For the browser; Node does not resolve names below localhost. */
  origin: string;
  address: string;
  /** `name=value` of a session of the admin. */
  cookie: string;
  stop: () => Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
  const state = join(folder, 'state');
  const vars = join(folder, 'dev.vars');
  writeFileSync(
    vars,
    Object.entries(SECRETS)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
    { mode: 0o600 },
  );
  applyMigrations(state);
  const filled = await fillState(join(state, 'v3'));
  const port = await freePortAfter(20_000);
  const service = await startService(
    { port, persistTo: state, vars },
    () => undefined,
    () => undefined,
  );
  return {
    ...filled,
    address: service.origin,
    origin: service.origin.replace('127.0.0.1', 'portico.localhost'),
    cookie: await signIn(service.origin),
    stop: async () => {
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function fillState(persistTo: string): Promise<Filled> {
  const served = await serve({ persistTo, floors: [], seed: true });
  try {
    const filled = await fill(served, await openPortico(served.portico));
    // Records are stored a moment after their responses.
    await idle(served);
    return filled;
  } finally {
    await served.stop();
  }
}

async function signIn(origin: string): Promise<string> {
  const response = await fetch(`${origin}/admin/session/cookie`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'admin', password: SECRETS.LOCAL_ADMIN_PASSWORD }),
  });
  if (!response.ok) throw new Error(`signing in answered ${response.status}: ${await response.text()}`);
  return response.headers.get('set-cookie')!.split(';', 1)[0]!;
}
