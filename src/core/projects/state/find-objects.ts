import type { HandlerRow } from '../../../storage/handlers';
import type { Context } from '../../access/context';
import { toKey } from '../../identity/keys/get-key';
import { completeRules } from '../../publishing/endpoints/apply-rules';
import { toTable } from '../../tables/catalogue/get-table';
import { KeyDocument, normalOf, versionHash, type Kind } from '../documents/documents';
import { endpointDocuments } from './endpoint-documents';
import { endpointIdentity, type FoundObject } from './found';

/** Sources read at once, of up to 1 MiB each. */
const SOURCES_AT_ONCE = 8;

/** The last push of a handler: where the served version is the same, its source need not be read. */
export type KnownSources = ReadonlyMap<string, { at: number | null; sha256: string }>;

type Finder = (
  ctx: Context,
  identities: string[],
  more: { ids: string[]; known: KnownSources },
) => Promise<FoundObject[]>;

const FINDERS: Record<Kind, Finder> = {
  role: async ({ store }, names) =>
    (await store.roles.list())
      .filter(({ name }) => names.includes(name))
      .map((row) => ({
        kind: 'role',
        identity: row.name,
        id: row.name,
        at: row.revision,
        row,
        normal: () => normalOf('role', { description: row.description }),
      })),

  table: async ({ store }, names) =>
    (await store.tables.named(names)).map((row) => {
      const { schema, name, description, idType, columns, read, write } = toTable(row);
      const document = { schema, name, description, idType, columns, read, write };
      const identity = `${schema}.${name}`;
      return { kind: 'table', identity, id: row.id, at: row.revision, row, normal: () => normalOf('table', document) };
    }),

  secret: async ({ store }, names) =>
    (await store.secrets.named(names)).map((row) => ({
      kind: 'secret',
      identity: row.name,
      id: row.name,
      at: row.updatedAt,
      row,
      normal: () => normalOf('secret', { description: row.description, roles: row.roles }),
    })),

  key: async ({ store, now }, aliases) =>
    (await store.keys.named(aliases)).map((row) => {
      const { was: _was, ...fields } = KeyDocument.shape;
      const stored = toKey(row, now());
      const document = Object.fromEntries(
        Object.keys(fields).map((name) => [name, stored[name as keyof typeof stored]]),
      );
      return {
        kind: 'key',
        identity: row.alias,
        id: row.id,
        at: row.revision,
        row,
        normal: () => normalOf('key', document),
      };
    }),

  handler: async (ctx, paths, { known }) => {
    const rows = await ctx.store.handlers.atPaths(paths);
    const found: FoundObject[] = [];
    for (let i = 0; i < rows.length; i += SOURCES_AT_ONCE)
      found.push(...(await Promise.all(rows.slice(i, i + SOURCES_AT_ONCE).map((row) => toFound(ctx, row, known)))));
    return found;
  },

  endpoint: async (ctx, identities, { ids }) => {
    const paths = identities.map((identity) => identity.slice(identity.lastIndexOf(' ') + 1));
    const rows = (await ctx.store.endpoints.atPaths(paths, ids)).map(completeRules);
    const documents = await endpointDocuments(ctx, rows);
    return rows.map((row, i) => ({
      kind: 'endpoint',
      identity: endpointIdentity(row.rules.methods, row.path),
      id: row.id,
      at: row.revision,
      row,
      normal: () => normalOf('endpoint', documents[i]!),
    }));
  },
};

/** Returns a handler by the source that it serves, or by its latest while it serves none. */
async function toFound({ store }: Context, row: HandlerRow, known: KnownSources): Promise<FoundObject<'handler'>> {
  // A handler that serves nothing differs from one that serves the same source.
  const at = row.defaultVersion ?? -row.latestVersion;
  const last = known.get(row.path);
  const read = async (): Promise<string> => {
    const version = await store.handlers.version(row.id, Math.abs(at));
    const hash = versionHash(version ?? { source: '', files: null });
    return at < 0 ? `undeployed ${hash}` : hash;
  };
  const sha256 = last && last.at === at ? last.sha256 : await read();
  return { kind: 'handler', identity: row.path, id: row.id, at, row, normal: () => ({ sha256 }) };
}

/** Finds objects of a kind by their identities; endpoints by their paths, and by `ids` wherever they are now. */
export const findObjects = (
  ctx: Context,
  kind: Kind,
  identities: string[],
  more: { ids: string[]; known: KnownSources },
): Promise<FoundObject[]> => (identities.length === 0 ? Promise.resolve([]) : FINDERS[kind](ctx, identities, more));
