import { IDS, type References } from './reference';

export const peopleReferences: References = {
  listUsers: { description: 'Without passwords. `active: false` are those who cannot sign in.' },
  createUser: {
    description:
      'The roles `admin`, `developer`, `operator` and `viewer` open the admin API; other roles mean something to endpoints and tables only. A password has at least 12 characters and is not a common one.',
    body: { name: 'grace', password: 'a long password of her own', roles: ['developer'] },
  },
  getUser: { description: 'Name, roles, and whether the user may sign in.', params: { id: IDS.user } },
  updateUser: {
    description:
      'A new password and `"active": false` end the sessions of the user. Endpoints that run as a user who is not active answer 503. The last active admin stays one: 409 `last_admin`.',
    params: { id: IDS.user },
    body: { roles: ['operator'] },
  },
  deleteUser: {
    description:
      'A user as whom endpoints run, or to whom graphs belong, is 409 `in_use`: set `active` to false instead.',
    params: { id: IDS.user },
  },
  listUserUses: {
    description: 'Endpoints and tokens that run as the user, and what belongs to the user.',
    params: { id: IDS.user },
  },
  listRoles: { description: 'Each role that users, tokens, endpoints, tables and secrets may name.' },
  createRole: {
    description: 'An application role: it narrows who may call an endpoint, or use a table or a secret.',
    body: { name: 'sales', description: 'May call the endpoints of the sales team' },
  },
  getRole: { description: 'Its description, and whether it is built in.', params: { name: 'sales' } },
  updateRole: {
    description: 'Changes the description. A role keeps its name: everything refers to it by that.',
    params: { name: 'sales' },
    body: { description: 'The sales team, and their tools' },
  },
  deleteRole: {
    description: 'A role that anything names is 409 `in_use`; so are the built-in ones.',
    params: { name: 'sales' },
  },
  listRoleUses: {
    description: 'Users, tokens, endpoints, tables and secrets that name the role.',
    params: { name: 'sales' },
  },
  listTokens: { description: 'Without their values; those that were not revoked and have not expired.' },
  createToken: {
    description:
      "A bearer token for a program. `token` of the answer is the only copy. It opens endpoints of the level `authenticated`, within its roles; with a built-in role also Instabase's API. `executor` is the user who runs what it creates.",
    body: { name: 'crm', roles: ['sales'], expiresAt: '2099-12-31T23:59:59Z' },
  },
  getToken: { description: 'Its roles, its executor, and when it expires.', params: { id: IDS.token } },
  updateToken: {
    description: 'Changes its name, roles, executor or expiry within `FRESHNESS_SECONDS` (5). The value stays.',
    params: { id: IDS.token },
    body: { name: 'crm-2' },
  },
  revokeToken: {
    description: 'It opens nothing from then on, within `FRESHNESS_SECONDS` (5). It does not come back.',
    params: { id: IDS.token },
  },
  listAudit: {
    description:
      'Every change of a definition: who made it, when, and which fields went from what to what. Values of keys, passwords and secrets are never in it. It is kept for good.',
    query: { objectId: IDS.handler, limit: '1' },
  },
  exportAudit: {
    description: 'What the filters of `GET /admin/audit` find, as a stream: `format` is `ndjson` or `csv`.',
    query: { objectId: IDS.key, format: 'ndjson' },
  },
};
