import type { Context } from '../access/context';
import { readCursor, toPage, type Page } from '../../kernel/page';
import { verb } from '../access/verb';
import { digestOf, KINDS } from './documents/documents';
import type { ExportedObject } from './project.schema';
import { findObjects } from './state/find-objects';
import type { FoundObject } from './state/found';

/**
 * Lists all definitions in normal form with their hashes, in the order in which each needs only those before it. The items of all pages are
 * the objects of a push, which makes them in another service. Values, rows and people are not in it: `byHand` names what is left to do.
 */
export const exportObjects = verb(
  'project.export',
  async (ctx, { limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<Page<ExportedObject>> => {
    const names = await ctx.store.projects.objectsAfter(readCursor(cursor), limit + 1);
    const found = new Map<string, FoundObject>();
    for (const kind of KINDS) {
      const of = names.filter((name) => name.kind === kind);
      const identities = of.map(({ identity }) => identity);
      const ids = of.map(({ id }) => id);
      for (const one of await findObjects(ctx, kind, identities, { ids, known: new Map() })) found.set(one.id, one);
    }
    const page = toPage(
      names,
      limit,
      ({ kind, id }) => ({ at: KINDS.indexOf(kind), id }),
      ({ id }) => found.get(id),
    );
    const items = page.items.flatMap((one) => (one ? [one] : []));
    return { ...page, items: await Promise.all(items.map((one) => toExported(ctx, one))) };
  },
);

async function toExported(ctx: Context, found: FoundObject): Promise<ExportedObject> {
  const { kind, identity } = found;
  const document = found.normal();
  const byHand = await leftByHand(ctx, found);
  const isSource = kind === 'handler';
  return {
    kind,
    identity,
    sha256: isSource ? String(document.sha256) : digestOf(document),
    ...(isSource ? {} : { document }),
    ...(byHand ? { byHand } : {}),
  };
}

/** Returns what a push does not make: the value of a secret or a key, or the rows of a table. */
async function leftByHand({ store }: Context, found: FoundObject): Promise<ExportedObject['byHand']> {
  if (found.kind === 'secret' || found.kind === 'key') return found.row.version > 0 ? 'value' : undefined;
  if (found.kind !== 'table') return undefined;
  return (await store.rows.isEmpty(found.id)) ? undefined : 'rows';
}
