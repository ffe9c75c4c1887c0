import { auditRow } from '../audit/audit-row';
import type { Context } from '../context';
import { notFound } from '../errors';
import { readCursor, toPage, type Page } from '../page';
import { expectDone } from '../revision';
import { expectRoles } from '../role/expect-roles';
import type { SecretRow } from '../../storage/secrets';
import { authorize } from '../user/can';
import { seal } from './seal';
import type { PutSecretInput, Secret } from './secret.schema';

const iso = (ms: number): string => new Date(ms).toISOString();
const toSecret = ({ createdAt, updatedAt, ...row }: SecretRow): Secret => ({
  ...row,
  createdAt: iso(createdAt),
  updatedAt: iso(updatedAt),
});

/** Keeps a value under a name, encrypted; a second time replaces it. The value is in no answer and in no audit row. */
export async function putSecret(ctx: Context, name: string, input: PutSecretInput): Promise<Secret> {
  authorize(ctx, 'secret.write');
  const preconditions = await expectRoles(ctx, input.roles);
  const before = await ctx.store.secrets.get(name);
  const now = ctx.now();
  const version = (before?.version ?? 0) + 1;
  const sealed = await seal(ctx.settings, name, version, input.value);
  const row = {
    name,
    description: input.description,
    roles: input.roles,
    version,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
  const write = before
    ? ctx.store.secrets.replace(name, before.version, { ...row, ...sealed })
    : ctx.store.secrets.insert({ ...row, ...sealed });
  const entry = auditRow(ctx, before ? 'secret.replace' : 'secret.create', name, { version, roles: input.roles });
  expectDone(await ctx.store.commit(write, entry, [], preconditions), version - 1);
  ctx.memory.forget();
  return toSecret(row);
}

/** Names of secrets, never values. */
export async function listSecrets(
  ctx: Context,
  query: { limit: number; cursor?: string | undefined },
): Promise<Page<Secret>> {
  authorize(ctx, 'secret.read');
  const rows = await ctx.store.secrets.list(readCursor(query.cursor), query.limit + 1);
  return toPage(rows, query.limit, ({ createdAt, name }) => ({ at: createdAt, id: name }), toSecret);
}

/** Forgets a secret. Endpoints that list it go on without it: `env.NAME` is undefined in their handlers. */
export async function deleteSecret(ctx: Context, name: string): Promise<void> {
  authorize(ctx, 'secret.write');
  const secret = await ctx.store.secrets.get(name);
  if (!secret) throw notFound('secret');
  expectDone(
    await ctx.store.commit(ctx.store.secrets.remove(name, secret.version), auditRow(ctx, 'secret.delete', name)),
    secret.version,
  );
  ctx.memory.forget();
}
