import { createHash } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { beginAuthorization } from '../../../../src/core/identity/providers/authorization';
import { deleteProvider } from '../../../../src/core/identity/providers/delete-provider';
import type { PutProviderInput } from '../../../../src/core/identity/providers/provider.schema';
import { PutProviderInput as Input } from '../../../../src/core/identity/providers/provider.schema';
import { putProvider } from '../../../../src/core/identity/providers/put-provider';
import { addIdentity, removeIdentity } from '../../../../src/core/identity/providers/user-identities';
import { createRole } from '../../../../src/core/identity/roles/create-role';
import { deleteRole } from '../../../../src/core/identity/roles/delete-role';
import { signInWithCookie } from '../../../../src/core/identity/sessions/sign-in-with-cookie';
import { identifyCookie } from '../../../../src/core/identity/users/identify-actor';
import { updateUser } from '../../../../src/core/identity/users/update-user';
import { drain, testContext } from '../../../support/context';
import { ensureAdmin, unique } from '../../../support/publish';

const ISSUER = 'https://login.portico-upstream.dev';
const CLIENT = { id: 'portico', secret: 'a:secret/with?signs' };
let pair: CryptoKeyPair, other: CryptoKeyPair, keys: object;

/** An identity provider. `claims` and the other fields say what it does differently. */
const provider = {
  claims: {} as Record<string, unknown>,
  metadata: {} as Record<string, unknown>,
  sign: null as null | ((payload: Record<string, unknown>) => Promise<string> | string),
  answer: null as null | (() => Response),
  codes: new Map<string, URLSearchParams>(),
  now: Date.now(),
  asked: [] as string[],
};

/** Acts of a person at the provider: the query with which the browser returns. */
function consent(url: string): { code: string; state: string } {
  const { searchParams } = new URL(url);
  const code = unique('code');
  provider.codes.set(code, searchParams);
  return { code, state: searchParams.get('state')! };
}

async function fetchUpstream(url: URL, init: RequestInit): Promise<Response> {
  provider.asked.push(url.href);
  if (provider.answer) return provider.answer();
  if (url.pathname === '/.well-known/openid-configuration')
    return Response.json({
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/authorize?tenant=1`,
      token_endpoint: `${ISSUER}/token`,
      jwks_uri: `${ISSUER}/keys`,
      ...provider.metadata,
    });
  if (url.pathname === '/keys') return Response.json(keys);
  const form = new URLSearchParams(init.body as string);
  const begun = provider.codes.get(form.get('code')!);
  provider.codes.delete(form.get('code')!);
  const [id, secret] = atob(new Headers(init.headers).get('authorization')!.slice('Basic '.length)).split(':');
  const isClient = decodeURIComponent(id!) === CLIENT.id && decodeURIComponent(secret!) === CLIENT.secret;
  const challenge = createHash('sha256').update(form.get('code_verifier')!).digest('base64url');
  const isSame = begun?.get('redirect_uri') === form.get('redirect_uri') && begun?.get('code_challenge') === challenge;
  if (!isClient || !isSame) return Response.json({ error: 'invalid_grant' }, { status: 400 });
  const seconds = Math.floor(provider.now / 1000);
  const payload = { iss: ISSUER, aud: CLIENT.id, iat: seconds, exp: seconds + 60, nonce: begun?.get('nonce') };
  return Response.json({ id_token: await (provider.sign ?? sign)({ ...payload, ...provider.claims }) });
}

const sign = (payload: Record<string, unknown>, key = pair.privateKey): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'r' }).sign(key);

const role = unique('builder').replaceAll('-', '_');
const settingsOf = (more: Partial<PutProviderInput> = {}): PutProviderInput =>
  Input.parse({
    label: 'Acme',
    issuer: ISSUER,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    roles: { Builders: role, Staff: 'viewer' },
    admit: { groups: ['Builders', 'Staff'], domains: ['acme.dev'] },
    ...more,
  });
let name = '';
// Each look at the clock is later than the one before: audit entries have an order.
const context = () =>
  testContext({ kind: 'anonymous', credential: 'none' }, { fetchUpstream, now: () => ++provider.now });
const put = (more: Partial<PutProviderInput> = {}, as = name) => putProvider(testContext(), as, settingsOf(more), null);

/** Signs in as `claims`, with the changes that a hostile party makes to what the browser brings back. */
async function signIn(claims: Record<string, unknown>, changed: Record<string, unknown> = {}) {
  provider.claims = claims;
  const { url, flow } = await beginAuthorization(context(), name);
  return signInWithCookie(context(), { provider: name, flow, ...consent(url), ...changed });
}
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'signed in',
    async ({ code }: { code: string }) => {
      await drain();
      const { items } = await testContext()
        .store.audit.list({ action: 'session.refuse' }, null, 1)
        .then((rows) => ({ items: rows }));
      return [code, (items[0]?.changes as { reason?: string } | undefined)?.reason];
    },
  );
const person = (sub = unique('sub')) => ({ sub, groups: ['Builders'], preferred_username: sub });

beforeAll(async () => {
  await ensureAdmin();
  await createRole(testContext(), { name: role, description: '' });
  [pair, other] = (await Promise.all([0, 1].map(() => generateKeyPair('RS256', { extractable: true })))) as [
    CryptoKeyPair,
    CryptoKeyPair,
  ];
  keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'r', alg: 'RS256' }] };
});
beforeEach(async () => {
  vi.spyOn(console, 'error').mockReturnValue(undefined);
  Object.assign(provider, { claims: {}, metadata: {}, sign: null, answer: null, asked: [], now: Date.now() });
  testContext().cache.discovered.clear();
  name = unique('acme');
  await put();
});

describe('a person whom a provider signs in', () => {
  test('becomes a user with the roles of their groups, and stays the same user', async () => {
    const first = await signIn({ ...person(), sub: `${name}|1`, preferred_username: '@Ada L.' });
    expect(first.session.user).toMatchObject({ name: 'Ada-L.', roles: [role], active: true });
    expect(first.maxAgeSeconds).toBe(12 * 3600);
    expect(await identifyCookie(context(), first.secret)).toMatchObject({ kind: 'user', id: first.session.user.id });
    const again = await signIn({ sub: `${name}|1`, groups: 'Staff' });
    expect(again.session.user).toMatchObject({ id: first.session.user.id, roles: ['viewer'] });
    const none = await signIn({ sub: `${name}|1`, groups: [7], email: 'a@ACME.dev', email_verified: true });
    expect(none.session.user).toMatchObject({ id: first.session.user.id, roles: [] });
  });

  test('never becomes a user by a name or an e-mail address', async () => {
    const admin = await testContext().store.users.credentials('admin');
    const claims = { ...person(), preferred_username: 'admin', email: 'admin', email_verified: true };
    const { session } = await signIn(claims);
    expect(session.user.id).not.toBe(admin?.id);
    expect(session.user.name).toMatch(new RegExp(`^admin-${name}-`));
  });

  test('becomes the user that an admin has named, and no longer once the identity is removed', async () => {
    const { session } = await signIn(person());
    const subject = unique('sub');
    await addIdentity(testContext(), session.user.id, { provider: name, subject });
    await expect(addIdentity(testContext(), session.user.id, { provider: name, subject })).rejects.toMatchObject({
      code: 'name_taken',
    });
    const linked = await signIn(person(subject));
    expect(linked.session.user.id).toBe(session.user.id);
    await removeIdentity(testContext(), session.user.id, { provider: name, subject });
    expect((await identifyCookie(context(), linked.secret)).kind).toBe('anonymous');
    expect((await signIn(person(subject))).session.user.id).not.toBe(session.user.id);
  });

  test('stays out while the user is not active, is not admitted, or has too many groups', async () => {
    const claims = person();
    const { session } = await signIn(claims);
    await updateUser(testContext(), session.user.id, { active: false }, null);
    expect(await refusal(signIn(claims))).toEqual(['invalid_token', `the user ${session.user.id} is not active`]);
    for (const email of [
      { email: 'a@acme.dev' },
      { email: 'a@acme.dev', email_verified: 'true' },
      { email: 'a@sub.acme.dev', email_verified: true },
      { email: 'acme.dev@else.dev', email_verified: true },
      { groups: ['builders', 'Builders '] },
    ])
      expect(await refusal(signIn({ sub: 'x', ...email }))).toEqual(['forbidden', 'x is not admitted']);
    expect(await refusal(signIn({ sub: 'x', groups: Array.from({ length: 1001 }, () => 'Staff') }))).toEqual([
      'invalid_token',
      'the claim groups has more than 1000 values',
    ]);
    expect(await refusal(signIn({ sub: 'x', _claim_names: { groups: 'src1' } }))).toEqual([
      'invalid_token',
      'the provider left out the claim groups, because it has too many values',
    ]);
  });

  test('cannot leave the service without an admin', async () => {
    const ctx = testContext();
    const { items } = { items: await ctx.store.users.list(null, 100) };
    const admins = items.filter(({ roles, active }) => active && roles.includes('admin'));
    expect(admins).toHaveLength(1);
    const subject = unique('sub');
    await addIdentity(ctx, admins[0]!.id, { provider: name, subject });
    expect((await refusal(signIn(person(subject))))[0]).toBe('last_admin');
  });

  test('is signed out where the provider is switched off or deleted', async () => {
    const { secret, session } = await signIn(person());
    await put({ active: false });
    expect((await identifyCookie(context(), secret)).kind).toBe('anonymous');
    expect((await refusal(signIn(person())))[0]).toBe('forbidden');
    await put();
    const second = await signIn({ ...person(), sub: session.user.name });
    await deleteProvider(testContext(), name, null);
    expect((await identifyCookie(context(), second.secret)).kind).toBe('anonymous');
    expect(await testContext().store.signIn.identities(session.user.id, 10)).toEqual([]);
  });
});

describe('an answer is refused', () => {
  test('of another browser, of another provider, too late, and for the second time', async () => {
    const begun = await beginAuthorization(context(), name);
    const elsewhere = await beginAuthorization(context(), name);
    provider.claims = person();
    const returned = consent(begun.url);
    const finish = (more: object) =>
      signInWithCookie(context(), { provider: name, flow: begun.flow, ...returned, ...more });
    const second = `${name}-2`;
    await put({}, second);
    for (const changed of [
      { flow: elsewhere.flow },
      { state: elsewhere.url },
      { flow: begun.flow.slice(0, -1) },
      { provider: second },
    ])
      expect((await refusal(finish(changed)))[0]).toBe('invalid_token');
    provider.now += 600_000;
    expect((await refusal(finish({})))[0]).toBe('invalid_token');
    provider.now -= 600_000;
    expect(provider.codes.has(returned.code)).toBe(true);
    await finish({});
    expect(await refusal(finish({}))).toEqual(['invalid_token', 'the provider refuses the code (status 400)']);
    // Even a provider that takes a code twice opens no second session.
    provider.codes.set(returned.code, new URL(begun.url).searchParams);
    expect((await refusal(finish({})))[0]).toBe('invalid_token');
    expect(await refusal(signIn(person(), { code: 'made up' }))).toEqual([
      'invalid_token',
      'the provider refuses the code (status 400)',
    ]);
  });

  test('once the client has changed', async () => {
    const { url, flow } = await beginAuthorization(context(), name);
    await put({ clientId: 'another' });
    expect((await refusal(signInWithCookie(context(), { provider: name, flow, ...consent(url) })))[0]).toBe(
      'invalid_token',
    );
  });

  test('with a token that is not for this sign-in', async () => {
    const wrong: [typeof provider.sign, string][] = [
      [(claims) => sign({ ...claims, nonce: 'another' }), 'its nonce is that of another sign-in'],
      [(claims) => sign({ ...claims, nonce: undefined }), 'its nonce is that of another sign-in'],
      [(claims) => new UnsecuredJWT(claims).encode(), 'its algorithm is not one of the issuer'],
      [(claims) => sign(claims, other.privateKey), 'its signature does not match'],
      [(claims) => sign({ ...claims, iss: 'https://else.example' }), 'its claim iss is missing or not accepted'],
      [(claims) => sign({ ...claims, aud: 'another' }), 'its claim aud is missing or not accepted'],
      [(claims) => sign({ ...claims, aud: ['portico', 'another'] }), 'it was issued to another client'],
      [(claims) => sign({ ...claims, azp: 'another' }), 'it was issued to another client'],
      [(claims) => sign({ ...claims, exp: 1 }), 'it has expired'],
      [(claims) => sign({ ...claims, sub: '' }), 'its `sub` is not 1 to 255 characters'],
      [() => 'a.b.c', 'it cannot be verified'],
    ];
    for (const [signWrongly, reason] of wrong) {
      provider.sign = signWrongly;
      expect(await refusal(signIn(person()))).toEqual(['invalid_token', `the ID token is refused: ${reason}`]);
    }
    provider.sign = () => 'x'.repeat(65_537);
    expect((await refusal(signIn(person())))[0]).toBe('invalid_token');
  });

  test('that names another issuer', async () => {
    expect((await refusal(signIn(person(), { iss: 'https://else.example' })))[0]).toBe('invalid_token');
    expect(await refusal(signIn(person(), { iss: ISSUER }))).toBe('signed in');
    provider.metadata = { authorization_response_iss_parameter_supported: true };
    provider.now += 600_000;
    expect((await refusal(signIn(person())))[0]).toBe('invalid_token');
  });
});

describe('a provider', () => {
  test('is unavailable where its document is not usable, and no request goes inside', async () => {
    for (const metadata of [
      { issuer: `${ISSUER}/` },
      { token_endpoint: 'https://169.254.169.254/token' },
      { token_endpoint: 'http://login.portico-upstream.dev/token' },
      { token_endpoint: 'https://login.portico-upstream.dev:8443/token' },
      { jwks_uri: 'https://db.internal/keys' },
      { authorization_endpoint: 'javascript:alert(1)' },
      { token_endpoint: undefined },
      { padding: 'x'.repeat(262_144) },
    ]) {
      provider.metadata = metadata;
      provider.now += 10_000;
      expect((await refusal(beginAuthorization(context(), name)))[0]).toBe('unavailable');
    }
    for (const answer of [
      () => new Response(null, { status: 302, headers: { location: 'https://169.254.169.254/' } }),
      () => new Response('{', { status: 200 }),
      () => Response.json([], { status: 200 }),
    ]) {
      provider.answer = answer;
      provider.now += 10_000;
      expect((await refusal(beginAuthorization(context(), name)))[0]).toBe('unavailable');
    }
    expect(new Set(provider.asked)).toEqual(new Set([`${ISSUER}/.well-known/openid-configuration`]));
  });

  test('is asked for its document once in 10 minutes, and 10 s after a failure', async () => {
    provider.answer = () => new Response(null, { status: 500 });
    const begin = () => beginAuthorization(context(), name);
    await Promise.allSettled([begin(), begin()]);
    await drain();
    await expect(begin()).rejects.toMatchObject({ code: 'unavailable' });
    expect(provider.asked).toHaveLength(1);
    provider.answer = null;
    provider.now += 10_000;
    await Promise.all([begin(), begin()]);
    provider.now += 599_000;
    await begin();
    expect(provider.asked).toHaveLength(2);
    provider.now += 1000;
    await begin();
    expect(provider.asked).toHaveLength(3);
  });

  test('is asked nothing for a network that begins or fails too often', async () => {
    const limited = (purpose: string) =>
      testContext(
        { kind: 'anonymous', credential: 'none' },
        {
          fetchUpstream,
          limiter: {
            ...context().limiter,
            take: (subject: string, limit: number, windowSeconds: number) =>
              context().limiter.take(subject, subject.startsWith(purpose) ? 0 : limit, windowSeconds),
          },
        },
      );
    await expect(beginAuthorization(limited('authorization '), name)).rejects.toMatchObject({ code: 'rate_limited' });
    const { url, flow } = await beginAuthorization(context(), name);
    provider.asked = [];
    const input = { provider: name, flow, ...consent(url) };
    await expect(signInWithCookie(limited('sign-in '), input)).rejects.toMatchObject({ code: 'rate_limited' });
    expect(provider.asked).toEqual([]);
  });

  test('is refused where it cannot work, or would admit everyone by mistake', async () => {
    for (const issuer of [
      'http://login.portico-upstream.dev',
      'https://10.0.0.1',
      'http://localhost:9000',
      'https://x.internal',
    ])
      await expect(put({ issuer })).rejects.toMatchObject({
        extra: { issues: [{ pointer: '#/issuer', code: 'invalid_url' }] },
      });
    await expect(put({ roles: { x: 'no_such' } })).rejects.toMatchObject({ code: 'invalid_input' });
    expect(Input.safeParse({ ...settingsOf(), admit: {} }).success).toBe(false);
    await expect(deleteRole(testContext(), role, null)).rejects.toMatchObject({ code: 'in_use' });
  });

  test('keeps its client secret, which no answer and no audit entry has', async () => {
    const { clientSecret: _, ...rest } = settingsOf({ label: 'Other' });
    const answer = await putProvider(testContext(), name, rest as PutProviderInput, null);
    expect(answer).toMatchObject({ label: 'Other', hasClientSecret: true, revision: 2 });
    expect(await refusal(signIn(person()))).toBe('signed in');
    const audit = await testContext().store.audit.list({ object: 'provider' }, null, 100);
    expect(JSON.stringify([answer, audit])).not.toContain(CLIENT.secret);
  });
});
