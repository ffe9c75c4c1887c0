import { IDS, VALUES, type References } from './reference';

export const peopleReferences: References = {
  listUsers: { description: 'Without passwords. Users with `active: false` cannot sign in.' },
  createUser: {
    description:
      'The roles `admin`, `developer`, `operator` and `viewer` grant access to the admin API; other roles matter to endpoints, tables and secrets only. A password has at least 12 characters and is not a common one.',
    body: { name: 'grace', password: 'a long password of her own', roles: ['developer'] },
  },
  getUser: { description: 'Name, roles, and whether the user may sign in.', params: { id: IDS.user } },
  updateUser: {
    description:
      'A new password and `"active": false` end the sessions of the user. Endpoints that run as a user who is not active answer 503. The last active admin must stay one: 409 `last_admin`.',
    params: { id: IDS.user },
    body: { roles: ['operator'] },
  },
  deleteUser: {
    description:
      'A user who is an executor of endpoints, or owns graphs, is 409 `in_use`: set `active` to false instead.',
    params: { id: IDS.user },
  },
  listUserUses: {
    description: 'Endpoints and tokens that run as the user, and everything that the user owns.',
    params: { id: IDS.user },
  },
  listRoles: { description: 'All roles that users, tokens, endpoints, tables and secrets may name.' },
  createRole: {
    description: 'An application role limits who may call an endpoint, or use a table or a secret.',
    body: { name: 'sales', description: 'May call the endpoints of the sales team' },
  },
  getRole: { description: 'Its description and kind: built-in or application role.', params: { name: 'sales' } },
  updateRole: {
    description: 'Changes the description. The name of a role cannot change, because everything refers to it.',
    params: { name: 'sales' },
    body: { description: 'The sales team, and their tools' },
  },
  deleteRole: {
    description: 'A role that is in use is 409 `in_use`; so are the built-in ones.',
    params: { name: 'sales' },
  },
  listRoleUses: {
    description: 'Users, tokens, endpoints, tables and secrets that name the role.',
    params: { name: 'sales' },
  },
  listTokens: { description: 'Active tokens without their values: neither revoked nor expired.' },
  createToken: {
    description:
      "A bearer token for a program. `token` of the response is the only copy. It calls endpoints of the level `authenticated` within its roles, and with a built-in role also Instabase's API. `executor` is the executor of the endpoints that it creates.",
    body: { name: 'crm', roles: ['sales'], expiresAt: '2099-12-31T23:59:59Z' },
  },
  getToken: { description: 'Its roles, executor and expiry.', params: { id: IDS.token } },
  updateToken: {
    description:
      'Changes its name, roles, executor or expiry within `FRESHNESS_SECONDS` (5). The value does not change.',
    params: { id: IDS.token },
    body: { name: 'crm-2' },
  },
  revokeToken: {
    description: 'It stops working within `FRESHNESS_SECONDS` (5). This cannot be undone.',
    params: { id: IDS.token },
  },
  listAudit: {
    description:
      'Every change of a resource: its actor, its time, and the fields before and after. Values of keys, passwords and secrets are never in it. Entries never expire.',
    query: { objectId: IDS.handler, limit: '1' },
  },
  exportAudit: {
    description:
      'The entries that match the filters of `GET /admin/audit`, as a stream: `format` is `ndjson` or `csv`.',
    query: { objectId: IDS.key, format: 'ndjson' },
  },
  createPersonalToken: {
    description:
      'For CI and the command. It acts for you with the roles that you have at each use, within its scopes: `read`, `deploy`, `runs`, `admin-tools`. It reaches neither people, tokens nor sessions. `token` of the response is the only copy.',
    body: { name: 'CI of the shop', scopes: ['deploy', 'runs'], days: 90 },
  },
  listPersonalTokens: { description: 'Without their values. An admin gets those of all users.' },
  startDeviceLogin: {
    description:
      'As RFC 8628 has it, for programs without a browser. Needs no credential: the token is made when a signed-in user approves the code. Valid for 10 minutes. Requests per address are limited.',
    body: { name: 'portico on laptop', scopes: ['read', 'deploy'], days: 90 },
  },
  getDeviceLogin: {
    description: 'Compare the code with what your program shows, before you approve it.',
    params: { code: VALUES.userCode },
  },
  answerDeviceLogin: {
    description: 'Needs a session: no personal token may approve another.',
    params: { code: VALUES.userCode },
    body: { approve: true },
  },
  redeemDeviceLogin: {
    description:
      '400 until it is approved: `authorization_pending`, `slow_down` for a question earlier than `intervalSeconds` after the last, `access_denied`, `expired_token`. The token acts for the user who approved it; the first response has it, and no other.',
    body: { deviceCode: VALUES.deviceCode },
  },
  revokePersonalToken: {
    description: 'In force at once. An admin may revoke those of others.',
    params: { id: IDS.personalToken },
  },
};
