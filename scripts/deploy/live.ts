import { setTimeout as sleep } from 'node:timers/promises';
import { AdminError, bootstrap, signIn } from '../admin-client.ts';
import { type DeployRecord, newPassword } from './record.ts';
import { smokeTest } from './smoke.ts';

/** The user for the checks of later deploys: a developer, so that the password of an admin need not be kept. */
export const DEPLOY_USER = 'deploy';

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
    const { message, cause } = error as Error;
    return cause instanceof Error ? `${message} (${cause.message})` : message;
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
  const deployPassword = newPassword();
  const users = await admin.list<{ id: string; name: string }>('/admin/users?limit=100');
  const known = users.find(({ name }) => name === DEPLOY_USER);
  if (known) await admin.patch(`/admin/users/${known.id}`, { password: deployPassword });
  else await admin.post('/admin/users', { name: DEPLOY_USER, password: deployPassword, roles: ['developer'] });
  record.set({ DEPLOY_PASSWORD: deployPassword });
  await admin.delete('/admin/session');
  say(`\n  Sign in as admin with the password ${password}\n  It is not shown again: keep it, or change it now.\n`);
  record.set({ ADMIN_PASSWORD: undefined });
}

/** Calls the service as its users would; without the password of the user `deploy` only its public pages. */
export async function checkService(
  origin: string,
  { password, file, hasConsole }: { password: string | undefined; file: string; hasConsole: boolean },
  say: (text: string) => void,
): Promise<void> {
  await checkConsole(origin, hasConsole, say);
  if (password !== undefined) return smokeTest(origin, { name: DEPLOY_USER, password }, say);
  say(
    `Not checked: publishing and calling. ${file} has no DEPLOY_PASSWORD; put the password of the user ${DEPLOY_USER}, a developer, there.`,
  );
}

async function checkConsole(origin: string, hasConsole: boolean, say: (text: string) => void): Promise<void> {
  const { status, headers } = await fetch(`${origin}/console/`, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
  if (status === 404 && !hasConsole) return say('Console: missing, this version has none');
  if (status !== 200 || !headers.get('content-type')?.startsWith('text/html'))
    throw new Error(
      `${origin}/console/ answered ${status} ${headers.get('content-type') ?? ''} instead of its first page`,
    );
  say('Console: its first page answers');
}
