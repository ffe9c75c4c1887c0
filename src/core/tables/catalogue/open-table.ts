import type { TableRow } from '../../../storage/tables';
import type { Context } from '../../access/context';
import { ApiError, notFound } from '../../../kernel/errors';
import { viewerOf, rightsOf } from './access.rules';
import { DEFAULT_SCHEMA } from './table.schema';

/** A table by the id that the admin API uses, or by the names that handlers use. `schema` null: in `table` before a dot, or `public`. */
export type TableTarget = { id: string } | { schema?: string | null | undefined; table: string };

/** Names in one message. */
const MAX_NAMES = 50;

export type Right = 'read' | 'write';

/**
 * Returns the table if the actor has all of `needed` on its rows. Throws 404 to an actor without any right, as for a table that does not
 * exist, and 403 to others.
 */
export async function openTable(ctx: Context, target: TableTarget, ...needed: Right[]): Promise<TableRow> {
  const { actor } = ctx;
  const table = await findTarget(ctx, target);
  const rights = table ? rightsOf(actor, table) : null;
  if (!table || !rights?.see) throw 'id' in target ? notFound('table') : await unknownTable(ctx, target);
  const missing = needed.find((right) => !rights[right]);
  if (missing !== undefined)
    throw new ApiError(
      'forbidden',
      `${actorName(ctx)} may not ${missing} rows of ${nameOf(table)}: this requires a role in its ${missing} list.`,
    );
  return table;
}

/** Returns the definition of a table if the actor may see it; else throws 404. */
export async function findTable(ctx: Context, id: string): Promise<TableRow> {
  const table = await ctx.store.tables.get(id);
  if (!table || !rightsOf(ctx.actor, table).see) throw notFound('table');
  return table;
}

function findTarget(ctx: Context, target: TableTarget): Promise<TableRow | undefined> {
  if ('id' in target) return ctx.store.tables.get(target.id);
  const { schema, table } = fullName(target);
  return ctx.store.tables.byName(schema, table);
}

function fullName({ schema, table }: Exclude<TableTarget, { id: string }>): { schema: string; table: string } {
  const dot = table.indexOf('.');
  if (schema === undefined || schema === null)
    return dot < 0 ? { schema: DEFAULT_SCHEMA, table } : { schema: table.slice(0, dot), table: table.slice(dot + 1) };
  return { schema, table };
}

const nameOf = ({ schema, name }: { schema: string; name: string }): string =>
  schema === DEFAULT_SCHEMA ? name : `${schema}.${name}`;

const actorName = ({ actor }: Context): string =>
  actor.kind === 'user' ? (actor.executing ? `the executor ${actor.name}` : actor.name) : 'you';

/** Builds the same 404 for missing and forbidden tables. Lists the available ones to help the author. */
async function unknownTable(ctx: Context, target: Exclude<TableTarget, { id: string }>): Promise<ApiError> {
  const { schema, table } = fullName(target);
  const names = (await ctx.store.tables.names(viewerOf(ctx.actor), MAX_NAMES)).map(nameOf);
  const known = names.length === 0 ? 'none' : names.join(', ');
  const asked = nameOf({ schema, name: table }).slice(0, 130);
  return new ApiError(
    'not_found',
    `table ${asked} not found, or ${actorName(ctx)} may not use it; available tables: ${known}`,
  );
}
