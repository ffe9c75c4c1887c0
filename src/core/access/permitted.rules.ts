/** The built-in roles. Any other role matters to endpoints, tables and secrets only. */
export const BUILT_IN_ROLES = ['admin', 'developer', 'operator', 'viewer'] as const;
type BuiltInRole = (typeof BUILT_IN_ROLES)[number];
export const isBuiltInRole = (name: string): name is BuiltInRole =>
  (BUILT_IN_ROLES as readonly string[]).includes(name);

/** All permissions, with the roles that have them. An admin has all of them. */
export const PERMITTED = {
  'session.own': 'anyone signed in',
  /** Each read of a batch needs its own permission. */
  'batch.read': 'anyone signed in',
  'handler.read': ['developer', 'operator', 'viewer'],
  'handler.write': ['developer'],
  /** Upload Python packages, and make sets of them. Admins only: code of all users may run on a set. */
  'package.write': [],
  'endpoint.read': ['developer', 'operator', 'viewer'],
  'endpoint.write': ['developer'],
  /** Activate and deactivate an endpoint. */
  'endpoint.operate': ['developer', 'operator'],
  'endpoint.test': ['developer'],
  /** List response types that a browser executes, such as HTML. */
  'endpoint.active-types': [],
  /** Allow redirects to any host. */
  'endpoint.open-redirects': [],
  /** List cookies that a handler may set and read: other programs of the domain may use the same names. */
  'endpoint.cookies': [],
  'key.read': ['developer', 'operator', 'viewer'],
  'key.write': ['developer', 'operator'],
  'graph.read': ['developer', 'operator', 'viewer'],
  /** Create, change, approve and cancel one's own graphs. */
  'graph.write': ['developer'],
  'node.read': ['developer', 'operator', 'viewer'],
  'node.write': ['developer'],
  'file.read': ['developer', 'operator', 'viewer'],
  'file.write': ['developer'],
  'run.read': ['developer', 'operator', 'viewer'],
  /** Admins only: the history is also evidence. */
  'run.delete': [],
  'secret.read': ['developer'],
  'secret.write': ['developer'],
  /** The role lists of a table decide about it and its rows: core/tables/catalogue/access.rules.ts. */
  'table.read': 'anyone signed in',
  'table.write': ['developer'],
  'project.read': ['developer', 'operator', 'viewer'],
  /** Plan and apply; each object of a push needs its own permission. */
  'project.push': ['developer'],
  /** Read all definitions at once, names of secrets included. */
  'project.export': ['developer'],
  'row.use': 'anyone signed in',
  'audit.read': ['operator'],
  'user.read': ['developer', 'operator', 'viewer'],
  'user.write': [],
  'role.read': ['developer', 'operator', 'viewer'],
  'role.write': [],
  /** Identity providers with which people sign in. */
  'provider.read': [],
  'provider.write': [],
  'token.read': [],
  'token.write': [],
  /** Read everything that is stored, hashes of credentials included. */
  'backup.take': [],
  /** Replace everything that is stored. */
  'backup.restore': [],
} as const satisfies Record<string, readonly BuiltInRole[] | 'anyone signed in'>;
export type Permission = keyof typeof PERMITTED;
export const PERMISSIONS = Object.keys(PERMITTED) as Permission[];

/** Returns the roles that permit an action, besides `admin`. */
export const rolesThatMay = (action: Permission): readonly string[] | 'anyone signed in' => PERMITTED[action];

const READ = [
  'batch.read',
  'handler.read',
  'endpoint.read',
  'key.read',
  'graph.read',
  'node.read',
  'secret.read',
  'table.read',
  'project.read',
  'project.export',
  'role.read',
] as const satisfies Permission[];
const DEPLOY = [
  ...READ,
  'project.push',
  'handler.write',
  'endpoint.write',
  'endpoint.operate',
  'endpoint.test',
  'endpoint.active-types',
  'endpoint.open-redirects',
  'endpoint.cookies',
] as const satisfies Permission[];

/** Permissions of a personal token by scope, as far as the roles of its user include them. None covers people, tokens or sessions. */
export const SCOPES = {
  read: READ,
  deploy: DEPLOY,
  runs: ['batch.read', 'run.read'],
  /** Tools of agents. */
  'admin-tools': [...READ, 'run.read', 'endpoint.test'],
  /** Inside of a push only, which shows and sets no value: no token has it. */
  push: [...DEPLOY, 'role.write', 'table.write', 'secret.write', 'key.write'],
} as const satisfies Record<string, readonly Permission[]>;
export type TokenScope = keyof typeof SCOPES;
