import type { Context } from '../../access/context';
import { createEndpoint } from '../../publishing/endpoints/create-endpoint';
import { deleteEndpoint } from '../../publishing/endpoints/delete-endpoint';
import { CreateEndpointInput, type SavedEndpoint } from '../../publishing/endpoints/endpoint.schema';
import { updateEndpoint } from '../../publishing/endpoints/update-endpoint';
import { deployVersion } from '../../publishing/handlers/deploy-version';
import { completeRules } from '../../publishing/endpoints/apply-rules';
import type { Change } from '../../change/wanted-change';
import type { PushStep } from '../plan/to-step';
import type { Normal } from '../documents/normal.rules';
import { columnChangesOf, renames, renameTable } from './apply-basics';
import type { SavedSource } from './apply-handlers';
import { openBatch, type Done } from './batch';
import { besides } from './foresee';
import { toEndpointInput } from './endpoint-input';

/**
 * Deploys versions, changes, creates and deletes endpoints, renames tables and advances the project, in one transaction: no call meets a
 * handler with the endpoint of another push. Resolves to the warnings of endpoints.
 */
export async function switchOver(
  ctx: Context,
  project: string,
  steps: readonly PushStep[],
  sources: readonly SavedSource[],
  advance: Change | null,
): Promise<Map<PushStep, NonNullable<SavedEndpoint['warnings']>>> {
  const batch = openBatch(ctx, project);
  const warnings = new Map<PushStep, NonNullable<SavedEndpoint['warnings']>>();
  const endpoints = steps.filter(({ kind }) => kind === 'endpoint');
  for (const source of sources) {
    if (source.step.found) await batch.add(source.step, (as) => deploy(besides(as, endpoints), source));
  }
  for (const step of steps) {
    const columns = step.kind === 'table' ? columnChangesOf(step) : null;
    if (columns && renames(step, columns)) await batch.add(step, (as) => renameTable(as, step, columns));
  }
  const keys = await keyIds(ctx, endpoints);
  const isRemoved = ({ target }: PushStep): boolean => target === null;
  for (const step of endpoints.filter(isRemoved)) await batch.add(step, (as) => removeEndpoint(as, step));
  for (const step of endpoints.filter((one) => !isRemoved(one)))
    await batch.add(step, async (as) => {
      const saved = await putEndpointOf(deployed(as, sources), step, keys);
      warnings.set(step, saved.warnings ?? []);
      return { id: saved.id, at: saved.revision };
    });
  if (advance) batch.addChange(advance);
  await batch.make();
  return warnings;
}

async function deploy(ctx: Context, { handlerId, version }: SavedSource): Promise<Done> {
  await deployVersion(ctx, handlerId, version, null);
  return { id: handlerId, at: version };
}

async function removeEndpoint(ctx: Context, { found }: PushStep): Promise<Done> {
  await deleteEndpoint(ctx, found!.id, found!.at);
  return { id: found!.id, at: found!.at };
}

function putEndpointOf(
  ctx: Context,
  { found, target, pushed }: PushStep,
  keys: Map<string, string>,
): Promise<SavedEndpoint> {
  const executor = target!.executor as string | undefined;
  const links = { keys, executor, formerNames: pushed?.formerNames ?? {} };
  if (found?.kind !== 'endpoint')
    return createEndpoint(ctx, CreateEndpointInput.parse(toEndpointInput(target!, links)));
  const { parameters } = completeRules(found.row).rules;
  const input = CreateEndpointInput.parse(toEndpointInput(target!, { ...links, parameters }));
  return updateEndpoint(ctx, found.id, input, found.at, 'keep');
}

/** Returns the ids of all keys that the endpoints name. */
async function keyIds({ store }: Context, steps: readonly PushStep[]): Promise<Map<string, string>> {
  const names = steps.flatMap(({ target }) => ((target?.access ?? {}) as Normal & { keys?: string[] }).keys ?? []);
  const rows = names.length === 0 ? [] : await store.keys.named([...new Set(names)]);
  return new Map(rows.flatMap(({ id, alias }) => [[alias, id] as const, [id, id] as const]));
}

/** A context in which the saved versions are deployed, for the checks of endpoints that will run them. */
function deployed(ctx: Context, sources: readonly SavedSource[]): Context {
  const { handlers } = ctx.store;
  const byId = new Map(sources.map((source) => [source.handlerId, source]));
  const ahead = <R extends { id: string }>(row: R | undefined): R | undefined => {
    const source = row && byId.get(row.id);
    // Versions up to the former latest know renamed parameters by their former names.
    return source?.step.found ? { ...row!, defaultVersion: source.version, latestVersion: source.latestBefore } : row;
  };
  return {
    ...ctx,
    store: {
      ...ctx.store,
      handlers: {
        ...handlers,
        get: (async (id: string) => ahead(await handlers.get(id))) as typeof handlers.get,
        byPath: (async (path: string) => ahead(await handlers.byPath(path))) as typeof handlers.byPath,
      },
    },
  };
}
