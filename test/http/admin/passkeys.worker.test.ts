import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { challengePasskey, signInWithPasskey } from '../../../src/core/identity/passkeys/sign-in-with-passkey';
import { callAdmin } from '../../support/admin-api';
import { makeAuthenticator } from '../../support/authenticator';
import { testContext } from '../../support/context';
import { unique } from '../../support/publish';
import { adminToken, createUser, signIn, USER_PASSWORD } from '../../support/sign-in';

const ORIGIN = 'https://portico.test';
let admin = '';
beforeAll(async () => {
  admin = await adminToken();
});

const ask = (token: string, password = USER_PASSWORD) =>
  callAdmin('POST', '/passkeys/challenge', { token, body: { password } });

/** A user with a passkey. */
async function personWithPasskey() {
  const name = unique('keyed');
  await createUser(name, ['viewer']);
  const { accessToken: token } = await signIn(name);
  const authenticator = await makeAuthenticator();
  const { challenge } = (await ask(token)).body as { challenge: string };
  const body = await authenticator.create({ challenge, origin: ORIGIN });
  const added = await callAdmin('POST', '/passkeys', { token, body });
  return { name, token, authenticator, body, added, id: String(added.body.id) };
}
const challenge = async (): Promise<string> =>
  String((await callAdmin('POST', '/session/passkey/challenge', {})).body.challenge);
const send = (body: object) => callAdmin('POST', '/session/passkey', { body });
type Person = Awaited<ReturnType<typeof personWithPasskey>>;
const signed = async ({ authenticator }: Person, more: object = {}) =>
  authenticator.get({ challenge: await challenge(), origin: ORIGIN, ...more });

describe('a passkey', () => {
  test('signs its user in, is listed with its use, and signs in no more once removed', async () => {
    const person = await personWithPasskey();
    expect(person.added).toMatchObject({ status: 201, body: { name: 'My laptop', lastUsedAt: null } });
    const answer = await send(await signed(person));
    expect(answer).toMatchObject({ status: 200, body: { user: { name: person.name } } });
    const { items } = (await callAdmin('GET', '/passkeys', { token: person.token })).body as { items: object[] };
    expect(items).toMatchObject([{ id: person.id, lastUsedAt: expect.any(String) }]);
    const other = await personWithPasskey();
    expect((await callAdmin('DELETE', `/passkeys/${person.id}`, { token: other.token })).status).toBe(404);
    expect((await callAdmin('DELETE', `/passkeys/${person.id}`, { token: person.token })).status).toBe(204);
    expect((await send(await signed(person))).status).toBe(401);
  });

  test.each([
    ['another origin', { origin: 'https://evil.test', rpId: 'portico.test' }],
    ['another rp', { rpId: 'evil.test' }],
    ['no verified user', { flags: 0x01 }],
    ['a registration', { type: 'webauthn.create' }],
    ['a frame of another site', { crossOrigin: true }],
    ['a challenge that the service did not make', { challenge: `${Date.now()}.AAAA.BBBB` }],
  ])('is refused with %s', async (_what, more) => {
    const person = await personWithPasskey();
    expect(await send(await signed(person, more))).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
  }); // oxfmt-ignore

  test('is refused with a challenge for something else, or an old one', async () => {
    const person = await personWithPasskey();
    const { challenge: ofAdding } = (await ask(person.token)).body as { challenge: string };
    expect((await send(await signed(person, { challenge: ofAdding }))).status).toBe(401);
    const late = testContext({ kind: 'anonymous', credential: 'none' }, { now: () => Date.now() + 5 * 60_000 + 1000 });
    await expect(signInWithPasskey(late, await signed(person))).rejects.toMatchObject({ code: 'invalid_credentials' });
  }); // oxfmt-ignore

  test('accepts a challenge once, also of two replays at once, and no counter that went back', async () => {
    const person = await personWithPasskey();
    const body = await signed(person);
    const statuses = (await Promise.all([send(body), send(body)])).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 401]);
    expect((await send(await signed(person, { counter: 1 }))).status).toBe(401);
    expect((await send(await signed(person, { counter: 9 }))).status).toBe(200);
  });

  test('of another user or of a disabled one does not sign in', async () => {
    const [one, other] = [await personWithPasskey(), await personWithPasskey()];
    const body = await signed(one);
    expect((await send({ ...body, credential: other.authenticator.credential })).status).toBe(401);
    await env.DB.prepare('update users set active = 0 where name = ?').bind(one.name).run();
    expect((await send(await signed(one))).status).toBe(401);
  });

  test('is for users with a password, not for those of an identity provider', async () => {
    const person = await personWithPasskey();
    await env.DB.prepare("update users set password_hash = 'none:provider' where name = ?").bind(person.name).run();
    expect((await send(await signed(person))).status).toBe(401);
    expect((await callAdmin('POST', '/passkeys', { token: person.token, body: person.body })).status).toBe(403);
    expect((await ask(person.token)).status).toBe(403);
  });

  test('goes with its user', async () => {
    const person = await personWithPasskey();
    const { id } = (await callAdmin('GET', '/session', { token: person.token })).body.user as { id: string };
    expect((await callAdmin('DELETE', `/users/${id}`, { token: admin })).status).toBe(204);
    expect(await env.DB.prepare('select count(*) as n from passkeys where user_id = ?').bind(id).first('n')).toBe(0);
  });
});

describe('adding a passkey', () => {
  test('asks for the password', async () => {
    const { token } = await personWithPasskey();
    expect(await ask(token, 'not the password')).toMatchObject({ status: 422, body: { errors: [{ code: 'wrong_password' }] } });
  }); // oxfmt-ignore

  test.each([
    ['another origin', { origin: 'https://evil.test', rpId: 'portico.test' }, '#/clientData'],
    ['another rp', { rpId: 'evil.test' }, '#/authenticatorData'],
    ['a challenge that the service did not make', { challenge: '1.2.3' }, '#/clientData'],
  ])('is refused with %s', async (_what, more, pointer) => {
    const { token } = await personWithPasskey();
    const { challenge: made } = (await ask(token)).body as { challenge: string };
    const body = await (await makeAuthenticator()).create({ challenge: made, origin: ORIGIN, ...more });
    expect(await callAdmin('POST', '/passkeys', { token, body })).toMatchObject({ status: 422, body: { errors: [{ pointer: expect.stringContaining(pointer.slice(2)) }] } });
  }); // oxfmt-ignore

  test('is refused with the challenge of another user, of a sign-in, with a bad key, and twice', async () => {
    const person = await personWithPasskey();
    const { authenticator, token } = person;
    const post = (body: object) => callAdmin('POST', '/passkeys', { token, body });
    const { challenge: ofOther } = (await ask((await personWithPasskey()).token)).body as { challenge: string };
    const { challenge: ofSignIn } = await challengePasskey(testContext());
    for (const wrong of [ofOther, ofSignIn])
      expect((await post(await authenticator.create({ challenge: wrong, origin: ORIGIN }))).status).toBe(422);
    expect((await post({ ...person.body, publicKey: 'AAAA' })).status).toBe(422);
    expect((await post(person.body)).status).toBe(409);
  });

  test('ends at 20', async () => {
    const { token } = await personWithPasskey();
    const add = async (): Promise<number> => {
      const { challenge: made } = (await ask(token)).body as { challenge: string };
      const body = await (await makeAuthenticator()).create({ challenge: made, origin: ORIGIN });
      return (await callAdmin('POST', '/passkeys', { token, body })).status;
    };
    for (let i = 0; i < 19; i++) expect(await add()).toBe(201);
    expect(await add()).toBe(409);
  }); // oxfmt-ignore
});
