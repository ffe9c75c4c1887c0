import type { TokenScope } from './permitted.rules';

/** The originator of a request. `system` is Portico itself: crons and runs of graphs. */
export type Actor =
  | {
      kind: 'user';
      id: string;
      name: string;
      roles: string[];
      sessionId: string;
      /** True when a handler acts with this user's rights (gateway/host/outlet.ts), not the user in person. Tables distinguish the two. */
      executing?: true;
      /** The personal token through which a program acts for this user, within its scopes. */
      token?: { id: string; scopes: readonly TokenScope[] };
      /** Expiry, in Unix seconds, of the dialect's token with which the user signed in: tokens exchanged for it expire no later. */
      until?: number;
      /** A user without a password: callers of a dialect that allows it may act as them. */
      passwordless?: true;
    }
  /**
   * A named token, on the wires that accept one. `userId` is its creator, who owns everything that it creates; `roles` are those that both
   * have; `executorId` is the executor of its endpoints; null: its creator.
   */
  | { kind: 'token'; id: string; name: string; roles: string[]; userId: string; executorId: string | null }
  /** `hint` is for callers that sent a valid credential to the wrong place. */
  | { kind: 'anonymous'; credential: 'none' | 'invalid'; hint?: string }
  | { kind: 'system' };

/** Returns the context for work of Portico itself, on behalf of no actor. */
export const asSystem = <Ctx extends object>(ctx: Ctx): Omit<Ctx, 'actor'> & { actor: Actor } => ({
  ...ctx,
  actor: { kind: 'system' },
});

/** The caller of an endpoint; `external`: one for whom an issuer of the endpoint vouches. `roles` is empty for anonymous callers, and for keys that have none. */
export interface Caller {
  kind: 'anonymous' | 'external' | 'key' | 'schedule' | 'token' | 'user';
  id: string | null;
  name: string;
  roles: string[];
  /** Age of what is known of the session or token, when it is older than `freshness` because D1 is unavailable. */
  staleMs?: number;
  /** Of a key whose value is being replaced: the call had the earlier one. */
  keyValue?: 'previous';
  /** Of a schedule: the time for which it was due, and how many times before it were missed. */
  due?: string;
  missed?: number;
  /** Of a schedule that is tried again: 2 and more. */
  attempt?: number;
}
export const ANONYMOUS: Caller = Object.freeze({ kind: 'anonymous', id: null, name: '', roles: [] });
