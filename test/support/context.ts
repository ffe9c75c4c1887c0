import { env } from 'cloudflare:workers';
import type { Context } from '../../src/core/access/context';
import type { Actor } from '../../src/core/access/actor';
import { openContext } from '../../src/context';

export const ADMIN: Actor = { kind: 'user', id: 'usr_admin', name: 'admin', roles: ['admin'], sessionId: 'ses_test' };
export const actorWith = (...roles: string[]): Actor => ({
  kind: 'user',
  id: 'usr_other',
  name: 'other',
  roles,
  sessionId: 'ses_other',
});

const deferred: Promise<unknown>[] = [];

/** A context on the real bindings, as the Worker would open it, for an actor of the test's choice. */
export function testContext(actor: Actor = ADMIN, overrides: Partial<Context> = {}): Context {
  const execution = { waitUntil: (work: Promise<unknown>) => void deferred.push(work) };
  return { ...openContext(new Request('https://portico.test/'), env, execution), actor, ...overrides };
}

/** Waits for everything that verbs left for after the response. */
export async function drain(): Promise<void> {
  while (deferred.length > 0) await deferred.shift();
}
