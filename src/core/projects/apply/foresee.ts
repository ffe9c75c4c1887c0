import type { Context } from '../../access/context';
import type { PushStep } from '../plan/to-step';

/** A context for the checks of sources: what the push makes exists, and its endpoints are left to the switch, which changes them. */
export function foresee(ctx: Context, steps: readonly PushStep[]): Context {
  const made = (kind: string): Set<string> =>
    new Set(steps.flatMap((step) => (step.kind === kind && step.target !== null ? [step.identity] : [])));
  const [madeTables, madeHandlers] = [made('table'), made('handler')];
  const without = (names: string[], all: Set<string>): string[] => names.filter((name) => !all.has(name));
  const beside = besides(ctx, steps);
  const { store } = beside;
  const { tables, handlers } = store;
  return {
    ...beside,
    store: {
      ...store,
      tables: { ...tables, absent: (names) => tables.absent(without(names, madeTables)) },
      handlers: { ...handlers, absent: (paths) => handlers.absent(without(paths, madeHandlers)) },
    },
  };
}

/** A context in which a save or a deploy checks other endpoints than these: each of them is checked as it will be. */
export function besides(ctx: Context, steps: readonly PushStep[]): Context {
  const ids = new Set(steps.flatMap(({ kind, found }) => (kind === 'endpoint' && found ? [found.id] : [])));
  const { endpoints } = ctx.store;
  const others = <R extends { id: string }>(rows: R[]): R[] => rows.filter(({ id }) => !ids.has(id));
  return {
    ...ctx,
    store: {
      ...ctx.store,
      endpoints: {
        ...endpoints,
        list: async (...query) => others(await endpoints.list(...query)),
        attaching: async (...query) => others(await endpoints.attaching(...query)),
      },
    },
  };
}
