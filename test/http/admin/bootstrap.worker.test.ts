import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { callAdmin } from '../../support/admin-api';
import { ADMIN_NAME, ADMIN_PASSWORD } from '../../support/sign-in';

const problem = (status: number, code: string) => ({ status, body: { status, code } });
const bootstrapInput = { name: ADMIN_NAME, password: ADMIN_PASSWORD };

describe('POST /admin/bootstrap', () => {
  it.each([
    [undefined, 'auth_required'],
    ['Bearer wrong', 'invalid_token'],
    [`Basic ${env.BOOTSTRAP_TOKEN}`, 'auth_required'],
  ])('refuses %j: %s', async (authorization, code) => {
    const answer = await callAdmin('POST', '/bootstrap', {
      body: bootstrapInput,
      headers: authorization === undefined ? {} : { authorization },
    });
    expect(answer).toMatchObject(problem(401, code));
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('refuses a weak password by its own code', async () => {
    const answer = await callAdmin('POST', '/bootstrap', {
      token: env.BOOTSTRAP_TOKEN,
      body: { name: 'a', password: 'short' },
    });
    expect(answer).toMatchObject(problem(422, 'weak_password'));
    expect(answer.body.errors).toMatchObject([{ pointer: '#/password', code: 'weak_password' }]);
  });

  it('makes the first admin, then never again', async () => {
    const first = await callAdmin('POST', '/bootstrap', { token: env.BOOTSTRAP_TOKEN, body: bootstrapInput });
    expect(first).toMatchObject({
      status: 201,
      body: { name: ADMIN_NAME, roles: ['admin'], active: true, revision: 1 },
    });
    expect(first.text).not.toMatch(/password|hash/i);
    const again = await callAdmin('POST', '/bootstrap', {
      token: env.BOOTSTRAP_TOKEN,
      body: { ...bootstrapInput, name: 'b' },
    });
    expect(again).toMatchObject(problem(409, 'already_bootstrapped'));
  });
});
