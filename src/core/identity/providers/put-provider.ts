import type { ProviderRow } from '../../../storage/sign-in';
import { invalidField } from '../../../kernel/issues';
import { checkRevision, type IfMatch } from '../../access/revision';
import { seal } from '../../access/seal';
import { verb } from '../../access/verb';
import type { Authorized } from '../../access/verb';
import { diff, isEmpty } from '../../audit/diff.rules';
import { change } from '../../change/change';
import { ownRequestIssue } from '../../egress/own-request';
import { assertRolesExist } from '../roles/assert-roles';
import { toProvider } from './get-provider';
import { MAX_PROVIDERS, type Provider, type PutProviderInput, type SealedSecret } from './provider.schema';

/** Name under which the client secret of a provider is encrypted. No secret of handlers has a space. */
export const sealName = (provider: string): string => `provider ${provider}`;

/**
 * Creates a provider, or gives it exactly these settings; only an omitted client secret stays. Throws 422 for an issuer that this service may
 * not reach, and for unknown roles. Deactivation ends the sessions of its users.
 */
export const putProvider = verb(
  'provider.write',
  async (ctx, name: string, input: PutProviderInput, ifMatch: IfMatch): Promise<Provider> => {
    const before = await ctx.store.signIn.provider(name);
    checkRevision(ifMatch, before?.revision ?? 0);
    const issue = ownRequestIssue(new URL(input.issuer), ctx.settings);
    if (issue !== null) throw invalidField('issuer', 'invalid_url', issue);
    const { clientSecret, active, ...settings } = input;
    const requires = await assertRolesExist(ctx, [...new Set(Object.values(settings.roles))]);
    const secret = await secretOf(ctx, name, clientSecret, before);
    if (before) return update(ctx, before, { settings, active, secret }, requires);
    if ((await ctx.store.signIn.providers()).length >= MAX_PROVIDERS)
      throw invalidField('name', 'too_many', `a service has at most ${MAX_PROVIDERS} providers: delete one first`);
    const now = ctx.now();
    const row = { name, active, settings, secret, revision: 1, createdAt: now, updatedAt: now };
    await change(ctx, {
      action: 'provider.create',
      id: name,
      changes: { ...settings, active },
      write: ctx.store.signIn.insertProvider(row),
      requires,
    });
    return toProvider(ctx, row);
  },
);

async function secretOf(
  ctx: Authorized,
  name: string,
  given: string | null | undefined,
  before: ProviderRow | undefined,
): Promise<SealedSecret | null> {
  if (given === undefined) return before?.secret ?? null;
  if (given === null) return null;
  const version = (before?.revision ?? 0) + 1;
  return { version, ...(await seal(ctx.settings, sealName(name), version, given)) };
}

async function update(
  ctx: Authorized,
  before: ProviderRow,
  fields: Pick<ProviderRow, 'settings' | 'active' | 'secret'>,
  requires: Awaited<ReturnType<typeof assertRolesExist>>,
): Promise<Provider> {
  const { settings, active, secret } = fields;
  const changes = {
    ...diff({ ...before.settings, active: before.active }, { ...settings, active }),
    ...(secret?.version === before.secret?.version ? {} : { clientSecret: 'changed' }),
  };
  if (isEmpty(changes)) return toProvider(ctx, before);
  const { signIn, sessions } = ctx.store;
  const now = ctx.now();
  await change(ctx, {
    action: 'provider.update',
    id: before.name,
    changes,
    write: signIn.updateProvider(before.name, before.revision, { ...fields, updatedAt: now }),
    revision: before.revision,
    also: active ? [] : [sessions.revokeOfProvider(before.name, now)],
    requires,
  });
  return toProvider(ctx, { ...before, ...fields, revision: before.revision + 1, updatedAt: now });
}
