import { setTimeout as sleep } from 'node:timers/promises';
import { type AdminClient, AdminError, bootstrap, signIn } from '../admin-client.ts';
import { type DeployRecord, newPassword } from './record.ts';
import { reasonOf } from './reason.ts';
import { smokeTest } from './smoke.ts';

/** The user for the checks of later deploys: a developer, so that the password of an admin need not be kept. */
const DEPLOY_USER = 'deploy';

const ASK_EVERY_MS = 1000;
const ASK_TIMEOUT_MS = 10_000;

/** Waits until the service answers with this release: new names and versions take a while to reach every place. */
export async function waitForRelease(origin: string, release: string, patienceMs: number): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const seen = await askHealth(origin);
    if (seen === release) return;
    if (Date.now() > until) throw new Error(`${origin}/health should report the release ${release}, and was: ${seen}`);
    await sleep(Math.min(ASK_EVERY_MS, patienceMs));
  }
}

/** Returns the release that answers, or why none does. */
async function askHealth(origin: string): Promise<string> {
  try {
    const response = await fetch(`${origin}/health`, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
    const text = await response.text();
    if (response.status !== 200) return `${response.status} ${text.slice(0, 200)}`;
    return (JSON.parse(text) as { release?: string }).release ?? `no release: ${text.slice(0, 200)}`;
  } catch (error) {
    return reasonOf(error);
  }
}

/**
 * Creates the user `admin` with the bootstrap token, and with it the user `deploy`. Shows the password of `admin` once: it is in the record
 * only until then, so that an interruption does not lose it.
 */
export async function createAdmin(origin: string, record: DeployRecord, say: (text: string) => void): Promise<void> {
  const password = record.get('ADMIN_PASSWORD') ?? newPassword();
  record.set({ ADMIN_PASSWORD: password });
  const isNew = await bootstrap(origin, record.get('BOOTSTRAP_TOKEN') ?? '', password);
  const admin = await signIn(origin, password).catch((error: unknown) => {
    if (!isNew && error instanceof AdminError && error.code === 'invalid_credentials') return null;
    throw error;
  });
  if (admin === null) {
    record.set({ ADMIN_PASSWORD: undefined });
    return say('The service already has an admin.');
  }
  await createDeployUser(admin, record);
  await admin.delete('/admin/session');
  say(`\n  Sign in as admin with the password ${password}\n  It is not shown again: keep it, or change it now.\n`);
  record.set({ ADMIN_PASSWORD: undefined });
}

/** Creates the user for the checks. One that exists keeps its password: it is of an earlier try, or of an admin who is lost. */
async function createDeployUser(admin: AdminClient, record: DeployRecord): Promise<void> {
  const password = record.get('DEPLOY_PASSWORD') ?? newPassword();
  record.set({ DEPLOY_PASSWORD: password });
  try {
    await admin.post('/admin/users', { name: DEPLOY_USER, password, roles: ['developer'] });
  } catch (error) {
    if (!(error instanceof AdminError && error.code === 'name_taken')) throw error;
  }
}

/** Calls the service as its users would; without the password of the user `deploy` only its public pages. */
export async function checkService(
  origin: string,
  { password, file }: { password: string | undefined; file: string },
  say: (text: string) => void,
): Promise<void> {
  await expectConsole(origin);
  say('Console: its first page answers');
  if (password !== undefined) return smokeTest(origin, { name: DEPLOY_USER, password }, say);
  say(
    `Not checked: publishing and calling. ${file} has no DEPLOY_PASSWORD; put the password of the user ${DEPLOY_USER}, a developer, there.`,
  );
}

async function expectConsole(origin: string): Promise<void> {
  const { status, headers } = await fetch(`${origin}/console/`, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
  const type = headers.get('content-type') ?? 'no content type';
  if (status !== 200 || !type.startsWith('text/html'))
    throw new Error(`${origin}/console/ answered ${status} with ${type} instead of the first page of the console`);
}
