import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/core/access/actor';
import { authorize, can } from '../../../src/core/access/permissions';
import { PERMISSIONS, type Permission } from '../../../src/core/access/permitted.rules';

const user = (...roles: string[]): Actor => ({ kind: 'user', id: 'usr_1', name: 'u', roles, sessionId: 'ses_1' });

const token = (...roles: string[]): Actor => ({
  kind: 'token',
  id: 'tok_1',
  name: 't',
  roles,
  userId: 'usr_1',
  executorId: null,
});

/** Permissions by role, written down a second time: a change of them has to be meant. */
const MATRIX: Record<Permission, string> = {
  'session.own': 'admin developer operator viewer nobody',
  'batch.read': 'admin developer operator viewer nobody',
  'handler.read': 'admin developer operator viewer',
  'handler.write': 'admin developer',
  'package.write': 'admin',
  'endpoint.read': 'admin developer operator viewer',
  'endpoint.write': 'admin developer',
  'endpoint.operate': 'admin developer operator',
  'endpoint.test': 'admin developer',
  'endpoint.active-types': 'admin',
  'endpoint.open-redirects': 'admin',
  'endpoint.cookies': 'admin',
  'key.read': 'admin developer operator viewer',
  'key.write': 'admin developer operator',
  'graph.read': 'admin developer operator viewer',
  'graph.write': 'admin developer',
  'node.read': 'admin developer operator viewer',
  'node.write': 'admin developer',
  'file.read': 'admin developer operator viewer',
  'file.write': 'admin developer',
  'run.read': 'admin developer operator viewer',
  'run.delete': 'admin',
  'secret.read': 'admin developer',
  'secret.write': 'admin developer',
  'table.read': 'admin developer operator viewer nobody',
  'table.write': 'admin developer',
  'project.read': 'admin developer operator viewer',
  'project.push': 'admin developer',
  'project.export': 'admin developer',
  'row.use': 'admin developer operator viewer nobody',
  'audit.read': 'admin operator',
  'user.read': 'admin developer operator viewer',
  'user.write': 'admin',
  'role.read': 'admin developer operator viewer',
  'role.write': 'admin',
  'provider.read': 'admin',
  'provider.write': 'admin',
  'token.read': 'admin',
  'token.write': 'admin',
  'backup.take': 'admin',
  'backup.restore': 'admin',
};

describe('can', () => {
  it.each(PERMISSIONS)('%s', (action) => {
    const who = ['admin', 'developer', 'operator', 'viewer', 'nobody'].filter((role) =>
      can(user(...(role === 'nobody' ? [] : [role])), action),
    );
    expect(who.join(' ')).toBe(MATRIX[action]);
    expect(can({ kind: 'system' }, action)).toBe(true);
    expect(can({ kind: 'anonymous', credential: 'none' }, action)).toBe(false);
  });

  it('takes an application role for nothing but a name', () => {
    expect(PERMISSIONS.filter((action) => can(user('billing', 'Admin', 'anyone signed in'), action))).toEqual([
      'session.own',
      'batch.read',
      'table.read',
      'row.use',
    ]);
  });

  it('permits a token what its roles do, and no session', () => {
    expect(can(token('viewer'), 'endpoint.read')).toBe(true);
    expect(can(token('viewer'), 'endpoint.write')).toBe(false);
    expect(can(token('developer'), 'session.own')).toBe(false);
  });

  it('adds up what several roles permit', () => {
    const both = user('viewer', 'operator');
    expect(can(both, 'audit.read') && can(both, 'handler.read') && !can(both, 'handler.write')).toBe(true);
  });
});

describe('authorize', () => {
  it.each([
    [{ kind: 'anonymous', credential: 'none' } as const, 'auth_required'],
    [{ kind: 'anonymous', credential: 'invalid' } as const, 'invalid_token'],
    [user('viewer'), 'forbidden'],
  ])('throws for %j: %s', (actor, code) => {
    expect(() => authorize({ actor }, 'user.write')).toThrow(expect.objectContaining({ code }));
  });

  it('answers the actor who may', () =>
    expect(authorize({ actor: user('admin') }, 'user.write')).toEqual(user('admin')));
});
