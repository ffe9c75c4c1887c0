import { writeCsv } from '../../kernel/csv.rules';
import { CSV_TYPE, NDJSON_TYPE, streamParts, toNdjson, type ExportedFile } from '../../kernel/stream-parts';
import type { Context } from '../access/context';
import { verb } from '../access/verb';
import { listParts, toSummary } from './get-run';
import type { ExportRunsQuery, ListedRuns, RunSummary } from './run.schema';

/** Runs that one list returns, and lists of one file: at most 50,000 runs. */
const PART = 500;
const MAX_PARTS = 100;

const COLUMNS = [
  'id',
  'startedAt',
  'endpointId',
  'endpointPath',
  'handlerPath',
  'handlerVersion',
  'kind',
  'outcome',
  'status',
  'errorCode',
  'failedStep',
  'calls',
  'durationMs',
  'executor',
] as const satisfies (keyof RunSummary)[];
const HEADING = [...COLUMNS, 'callerKind', 'callerId'];

/**
 * Exports the entries of the history that match, newest first, as a stream with one part in memory at a time. A file that would have more
 * than 50,000 runs breaks off with an error, so that no part looks like the whole.
 */
export const exportRuns = verb('run.read', async (ctx, query: ExportRunsQuery): Promise<ExportedFile> => {
  const { format, ...wanted } = query;
  const isCsv = format === 'csv';
  const body = await streamParts(textParts(ctx, wanted, isCsv ? toCsv : toNdjson));
  return { type: isCsv ? CSV_TYPE : NDJSON_TYPE, filename: `runs.${format}`, body };
});

async function* textParts(
  ctx: Context,
  wanted: ListedRuns,
  write: (runs: RunSummary[], first: boolean) => string,
): AsyncGenerator<string, void, void> {
  let first = true;
  for await (const entries of listParts(ctx, wanted, PART, MAX_PARTS)) {
    yield write(entries.map(toSummary), first);
    first = false;
  }
}

function toCsv(runs: RunSummary[], first: boolean): string {
  const lines = runs.map((run) => [...COLUMNS.map((name) => cellOf(run[name])), run.caller.kind, run.caller.id]);
  return writeCsv(first ? [HEADING, ...lines] : lines);
}

const cellOf = (value: string | number | null): string | null => (value === null ? null : String(value));
