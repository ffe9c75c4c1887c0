import { queryOptions, useQuery } from '@tanstack/react-query';
import { rolesThatMay, type Permission } from '../../../src/core/access/permitted.rules';
import type { Authorized } from './authorization';
import { call, type Answer } from './call';
import { signInByPasskey } from './passkey';
import { Problem } from './problem';
import { queryClient } from './query-client';
import { isSessionOver, sessionGate } from './session-gate';

type Session = Answer<'GET /admin/session'>;
export type Credentials = { name: string; password: string } | { code: string } | Authorized | 'passkey';

/**
 * The session of this browser; null without one. When it ends while the console is open, the user signs in again over the screen: the screen
 * is never taken away.
 */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      const wasSignedIn = queryClient.getQueryData<Session | null>(['session']) != null;
      return await call('GET /admin/session', { isSilent: !wasSignedIn, signal });
    } catch (error) {
      if (error instanceof Problem && isSessionOver(error))
        return queryClient.getQueryData<Session>(['session']) ?? null;
      throw error;
    }
  },
  staleTime: 60_000,
  // Someone may have signed out, or lost a role, since the user looked at another window.
  refetchOnWindowFocus: 'always',
});

/** Tells the other tabs of this browser who signed in or out. They share the cookie. */
const otherTabs = new BroadcastChannel('portico-session');
otherTabs.onmessage = ({ data }: MessageEvent<{ userId: string | null }>) => adopt(data.userId);

/** Follows another tab: what one user has read is not shown to another one. */
function adopt(userId: string | null): void {
  const before = queryClient.getQueryData(sessionQuery.queryKey)?.user.id;
  if (userId === before) sessionGate.open(true);
  else location.reload();
}

/** Signs in. When another user was signed in before, everything is read again. Rejects with the refusal. */
export async function signIn(credentials: Credentials): Promise<void> {
  const before = queryClient.getQueryData(sessionQuery.queryKey)?.user.id;
  const session =
    credentials === 'passkey'
      ? await signInByPasskey()
      : await call('POST /admin/session/cookie', { body: credentials, isSilent: true });
  otherTabs.postMessage({ userId: session.user.id });
  if (before !== undefined && before !== session.user.id) return location.reload();
  queryClient.setQueryData(sessionQuery.queryKey, session);
  sessionGate.open(true);
}

/** Ends the session. Drafts stay on this machine, under the id of their user. */
export async function signOut(): Promise<void> {
  try {
    await call('DELETE /admin/session', { isSilent: true });
  } catch (error) {
    if (!(error instanceof Problem && isSessionOver(error))) throw error;
  }
  otherTabs.postMessage({ userId: null });
  location.reload();
}

/** The session, inside the console, which is drawn only with one. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error('there is no session');
  return data;
}

/** Checks the rights of the signed-in user. */
export interface Rights {
  may: (action: Permission) => boolean;
  /** Undefined for a right that the user has; else who has it, for the description of a disabled control. */
  whyNot: (action: Permission) => string | undefined;
}

export function useRights(): Rights {
  const { permissions } = useSession();
  const may = (action: Permission): boolean => permissions.includes(action);
  return {
    may,
    whyNot: (action) => (may(action) ? undefined : `Your roles do not permit this: ${rolesFor(action)} may.`),
  };
}

/** Names the roles that permit an action: `admin or developer`. */
export function rolesFor(action: Permission): string {
  const roles = rolesThatMay(action);
  return typeof roles === 'string'
    ? roles
    : new Intl.ListFormat('en', { type: 'disjunction' }).format(['admin', ...roles]);
}
