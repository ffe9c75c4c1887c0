import type { Context } from '../../access/context';
import { DAY_MS } from '../../../kernel/clock';
import { canonicalJson } from '../../../kernel/normal-form';
import { columnChanges } from '../../tables/catalogue/column-changes.rules';
import { TableDocument, type Kind } from '../documents/documents';
import { labelOf } from '../state/found';
import type { PushStep } from './to-step';

type Loss = PushStep['losses'][number];

/** Adds to each step what it would lose for good, with the word that allows it. */
export async function findLosses(ctx: Context, steps: readonly PushStep[]): Promise<void> {
  const calls = await recentCalls(ctx, steps.filter(isEndpointDeletion));
  const gone = byContent(steps);
  for (const step of steps) {
    step.losses.push(...(await lossesOf(ctx, step)));
    const called = isEndpointDeletion(step) ? (calls.get(step.found!.id) ?? 0) : 0;
    if (called > 0)
      step.losses.push({
        word: `remove-called ${step.identity}`,
        message: `was called ${called} times in the last 7 days`,
      });
    const twin = step.action === 'create' ? gone.get(contentOf(step.kind, step.target ?? {})) : undefined;
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

/** Returns the objects that go away, by their content: a new one with the same may be one of them under another name. */
function byContent(steps: readonly PushStep[]): Map<string, PushStep> {
  const gone = new Map<string, PushStep>();
  for (const step of steps) {
    const { kind, action, base } = step;
    if (!base || !RENAMABLE.includes(kind) || (action !== 'delete' && action !== 'left')) continue;
    const content = contentOf(kind, base.document);
    if (!gone.has(content)) gone.set(content, step);
  }
  return gone;
}

const contentOf = (kind: Kind, document: object): string => `${kind} ${canonicalJson(unnamed(document))}`;

const unnamed = (document: object): object => ({ ...document, path: null, methods: null, schema: null, name: null });

const renamed = (step: PushStep, twin: PushStep): Loss => ({
  word: `not-renamed ${labelOf(step)}`,
  message: `equals ${labelOf(twin)}, which is no longer in the folder: if it was renamed, name the former one${step.kind === 'handler' ? ' in `moved`' : ' in `was`'}`,
});
