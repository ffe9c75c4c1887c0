/** The originator of a request. `system` is Portico itself: crons and queues. */
export type Actor =
  | {
      kind: 'user';
      id: string;
      name: string;
      roles: string[];
      sessionId: string;
      /** A handler acts with this user's rights (gateway/host/outlet.ts); the person is not there. Tables know the difference. */
      executing?: true;
      /** Unix seconds when the token of a dialect ends that the user came in with: what it is swapped for ends no later. */
      until?: number;
      /** A user of PLynx's dialect without a password: any caller may act as them. */
      passwordless?: true;
    }
  /**
   * A named token, on the wires that take one. `userId` is who made it, and owns what it makes; `roles` are what both of them have;
   * `executorId` is who runs what it makes; null: the user who made the token.
   */
  | { kind: 'token'; id: string; name: string; roles: string[]; userId: string; executorId: string | null }
  /** `hint` is for who sent a good credential to the wrong place. */
  | { kind: 'anonymous'; credential: 'none' | 'invalid'; hint?: string }
  | { kind: 'system' };

/** Returns the context for work of Portico itself, on behalf of no actor. */
export const asSystem = <Ctx extends object>(ctx: Ctx): Omit<Ctx, 'actor'> & { actor: Actor } => ({
  ...ctx,
  actor: { kind: 'system' },
});

/** The caller of an endpoint. `roles` is empty for keys and anonymous callers. */
export interface Caller {
  kind: 'anonymous' | 'key' | 'token' | 'user';
  id: string | null;
  name: string;
  roles: string[];
}
export const ANONYMOUS: Caller = Object.freeze({ kind: 'anonymous', id: null, name: '', roles: [] });
