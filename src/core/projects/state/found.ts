import type { EndpointRow } from '../../../storage/endpoints';
import type { HandlerRow } from '../../../storage/handlers';
import type { KeyRow } from '../../../storage/keys';
import type { RoleRow } from '../../../storage/roles';
import type { SecretRow } from '../../../storage/secrets';
import type { TableRow } from '../../../storage/tables';
import type { Kind } from '../documents/documents';
import type { Normal } from '../documents/normal.rules';

/** The stored row of each kind. */
interface Rows {
  role: RoleRow;
  table: TableRow;
  secret: SecretRow;
  key: KeyRow;
  handler: HandlerRow;
  endpoint: EndpointRow;
}

/** An object as this service has it now. */
export type FoundObject<K extends Kind = Kind> = {
  [N in K]: {
    kind: N;
    identity: string;
    /** Id; the name of a role or secret. */
    id: string;
    /** Changes with every change that a push could have made: a revision, the served version of a handler, a time. */
    at: number;
    row: Rows[N];
    /** Returns its document in normal form. */
    normal: () => Normal;
  };
}[K];

/** Names an object in options and messages: `<kind> <identity>`. */
export const labelOf = ({ kind, identity }: { kind: Kind; identity: string }): string => `${kind} ${identity}`;

/** The identity of an endpoint: methods in their order, and the path. */
export const endpointIdentity = (methods: readonly string[], path: string): string => `${methods.join(',')} ${path}`;

/** Splits the identity of an endpoint; methods are empty where it is a path alone. */
export function splitEndpointIdentity(identity: string): { methods: string[]; path: string } {
  const space = identity.lastIndexOf(' ');
  if (space < 0) return { methods: [], path: identity };
  return { methods: identity.slice(0, space).split(','), path: identity.slice(space + 1) };
}

/** Returns whether two identities of endpoints can mean one: the path is the same, and they share a method or one names none. */
export function isSameEndpoint(one: string, other: string): boolean {
  const [a, b] = [splitEndpointIdentity(one), splitEndpointIdentity(other)];
  if (a.path !== b.path) return false;
  return a.methods.length === 0 || b.methods.length === 0 || a.methods.some((method) => b.methods.includes(method));
}
