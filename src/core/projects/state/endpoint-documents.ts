import type { Context } from '../../access/context';
import { fillDefaults } from '../../../kernel/fields';
import { ACCESS_RULES, RULE_FIELDS } from '../../publishing/endpoints/endpoint.schema';
import type { FoundEndpoint } from '../../publishing/endpoints/get-endpoint';
import type { Normal } from '../documents/normal.rules';

/** Returns endpoints as files have them: keys by alias, or by id where two share it; the executor by name; parameters by name. */
export async function endpointDocuments(ctx: Pick<Context, 'store'>, rows: FoundEndpoint[]): Promise<Normal[]> {
  const keyIds = [...new Set(rows.flatMap((row) => row.keyIds))];
  const executors = [...new Set(rows.map((row) => row.executorId))];
  const [keys, users] = await Promise.all([
    keyIds.length === 0 ? [] : ctx.store.keys.named(keyIds),
    ctx.store.users.namesOf(executors),
  ]);
  const sharing = keys.length === 0 ? [] : await ctx.store.keys.named(keys.map(({ alias }) => alias));
  const isShared = (alias: string): boolean => sharing.filter((key) => key.alias === alias).length > 1;
  const aliases = new Map(keys.map(({ id, alias }) => [id, isShared(alias) ? id : alias]));
  return rows.map((row) => toDocument(row, aliases, users));
}

function toDocument(row: FoundEndpoint, aliases: Map<string, string>, users: Map<string, string>): Normal {
  const { rules } = row;
  const { roles: _roles, ...access } = fillDefaults(ACCESS_RULES, rules);
  const { path, title, description, folder, active, log, instance } = row;
  return {
    path,
    title,
    description,
    folder,
    active,
    log,
    instance,
    ...fillDefaults(RULE_FIELDS, rules),
    handler: row.handlerPath,
    version: row.handlerVersion,
    executor: users.get(row.executorId) ?? row.executorId,
    access: {
      level: row.accessLevel,
      keys: row.keyIds.map((id) => aliases.get(id) ?? id),
      roles: { match: rules.roles.match, names: rules.roles.of },
      ...access,
    },
    parameters: rules.parameters.map(({ id: _id, aliases: _aliases, ...parameter }) => parameter),
  };
}
