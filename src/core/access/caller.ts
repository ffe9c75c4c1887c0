/** The caller of an endpoint. `roles` is empty for keys and anonymous callers. */
export interface Caller {
  kind: 'anonymous' | 'key' | 'token' | 'user';
  id: string | null;
  name: string;
  roles: string[];
}
export const ANONYMOUS: Caller = Object.freeze({ kind: 'anonymous', id: null, name: '', roles: [] });
