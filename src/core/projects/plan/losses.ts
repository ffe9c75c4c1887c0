import type { Context } from '../../access/context';
import { DAY_MS } from '../../../kernel/clock';
import { sameValue } from '../../../kernel/json.rules';
import { columnChanges } from '../../tables/catalogue/column-changes.rules';
import { TableDocument } from '../documents/documents';
import { labelOf } from '../state/found';
import type { PushStep } from './to-step';

type Loss = PushStep['losses'][number];

/** Adds to each step what it would lose for good, with the word that allows it. */
export async function findLosses(ctx: Context, steps: readonly PushStep[]): Promise<void> {
  const calls = await recentCalls(ctx, steps.filter(isEndpointDeletion));
  for (const step of steps) {
    step.losses.push(...(await lossesOf(ctx, step)));
    const called = isEndpointDeletion(step) ? (calls.get(step.found!.id) ?? 0) : 0;
    if (called > 0)
      step.losses.push({
        word: `remove-called ${step.identity}`,
        message: `was called ${called} times in the last 7 days`,
      });
    const twin = step.action === 'create' ? findTwin(step, steps) : undefined;
    if (twin) step.losses.push(renamed(step, twin));
  }
}

const isEndpointDeletion = ({ kind, action, found }: PushStep): boolean =>
  kind === 'endpoint' && action === 'delete' && found !== null;

/** Counts the calls of the last seven days by endpoint, where any endpoint is deleted. */
async function recentCalls({ runLog, now }: Context, deletions: readonly PushStep[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  if (deletions.length === 0) return counts;
  // Whole days, as the run log counts.
  const until = Math.ceil(now() / DAY_MS) * DAY_MS;
  const tallies = await runLog.stats({
    since: until - 7 * DAY_MS,
    until,
    stepMs: DAY_MS,
    by: 'endpoint',
    kind: 'live',
  });
  for (const { group, calls } of tallies) counts.set(group, (counts.get(group) ?? 0) + calls);
  return counts;
}

async function lossesOf(ctx: Context, { kind, action, found, target, pushed }: PushStep): Promise<Loss[]> {
  if (found === null) return [];
  if (found.kind === 'secret' && action === 'delete' && found.row.version > 0)
    return [{ word: `drop-secret ${found.identity}`, message: 'its value is lost' }];
  if (found.kind === 'key' && action === 'delete' && found.row.version > 0)
    return [{ word: `revoke-key ${found.identity}`, message: 'its value stops working' }];
  if (found.kind !== 'table' || kind !== 'table' || (action !== 'delete' && target === null)) return [];
  const dropped = target === null ? [] : droppedColumns(found.row.columns, target, pushed?.formerNames ?? {});
  if ((target !== null && dropped.length === 0) || (await ctx.store.rows.isEmpty(found.id))) return [];
  const what = target === null ? 'its rows are' : `the values of ${dropped.join(', ')} are`;
  return [{ word: `drop-data ${found.identity}`, message: `${what} deleted` }];
}

/** Returns the columns of a table that a document no longer has. */
export const droppedColumns = (
  stored: Parameters<typeof columnChanges>[0],
  target: object,
  formerNames: Record<string, string>,
): string[] => columnChanges(stored, TableDocument.parse(target).columns, formerNames).dropColumns;

/** Kinds that lose something when they are deleted and made again instead of renamed. */
const RENAMABLE = ['table', 'key', 'handler', 'endpoint'];

/** Returns the object that goes away with the same content as a new one: it may have been renamed. */
function findTwin(step: PushStep, steps: readonly PushStep[]): PushStep | undefined {
  if (!RENAMABLE.includes(step.kind)) return undefined;
  return steps.find(
    (other) =>
      other.kind === step.kind &&
      (other.action === 'delete' || other.action === 'left') &&
      other.base !== null &&
      sameValue(unnamed(other.base.document), unnamed(step.target ?? {})),
  );
}

const unnamed = (document: object): object => ({ ...document, path: null, methods: null, schema: null, name: null });

const renamed = (step: PushStep, twin: PushStep): Loss => ({
  word: `not-renamed ${labelOf(step)}`,
  message: `equals ${labelOf(twin)}, which is no longer in the folder: if it was renamed, name the former one${step.kind === 'handler' ? ' in `moved`' : ' in `was`'}`,
});
