import { toIso } from '../../../kernel/clock';
import { notFound } from '../../../kernel/errors';
import type { ProviderRow } from '../../../storage/sign-in';
import type { Context } from '../../access/context';
import { verb } from '../../access/verb';
import type { OfferedProvider, Provider } from './provider.schema';

/** Returns the page of the console to which a provider sends browsers back. */
export const redirectUri = (ctx: Pick<Context, 'origin'>): string => `${ctx.origin}/console/signed-in`;

/** A provider as the API shows it: never its client secret. */
export const toProvider = (ctx: Pick<Context, 'origin'>, row: ProviderRow): Provider => ({
  name: row.name,
  ...row.settings,
  active: row.active,
  hasClientSecret: row.secret !== null,
  redirectUri: redirectUri(ctx),
  revision: row.revision,
  createdAt: toIso(row.createdAt),
  updatedAt: toIso(row.updatedAt),
});

/** Returns the stored provider, for verbs. Throws 404. */
export async function findProvider(ctx: Pick<Context, 'store'>, name: string): Promise<ProviderRow> {
  const row = await ctx.store.signIn.provider(name);
  if (!row) throw notFound('provider');
  return row;
}

export const getProvider = verb('provider.read', async (ctx, name: string): Promise<Provider> =>
  toProvider(ctx, await findProvider(ctx, name)),
);

/** Returns the provider of this name, or null. */
export const getProviderIfAny = verb('provider.read', async (ctx, name: string): Promise<Provider | null> => {
  const row = await ctx.store.signIn.provider(name);
  return row ? toProvider(ctx, row) : null;
});

/** Lists all providers by name. */
export const listProviders = verb('provider.read', async (ctx): Promise<{ items: Provider[] }> => ({
  items: (await ctx.store.signIn.providers()).map((row) => toProvider(ctx, row)),
}));

/** Lists the providers with which people may sign in, for those who have not. */
export const offerProviders = verb('public', async (ctx): Promise<{ items: OfferedProvider[] }> => ({
  items: (await ctx.store.signIn.providers())
    .filter(({ active }) => active)
    .map(({ name, settings: { label } }) => ({ name, label })),
}));
