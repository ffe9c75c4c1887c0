import { fromIso } from '../../kernel/clock';
import type { Context } from '../access/context';
import { mapPlaces, namesPlace, parseSourceMap } from '../code/source-map.rules';
import type { Run } from './run.schema';

/** Returns a run whose error and log lines name places in the files of a handler that has many. Reads nothing where no text has a place. */
export async function mapRun({ store }: Pick<Context, 'store'>, run: Run): Promise<Run> {
  const { error, logs, handlerPath, handlerVersion, startedAt } = run;
  const texts = [error?.message ?? '', error?.stack ?? '', ...logs.map(({ message }) => message)];
  if (handlerPath === null || handlerVersion === null || !texts.some(namesPlace)) return run;
  const text = await store.handlerFiles.mapOf(handlerPath, handlerVersion, fromIso(startedAt)!);
  const map = text === null ? null : parseSourceMap(text);
  if (map === null) return run;
  const [message, stack, ...lines] = mapPlaces(texts, map) as [string, string, ...string[]];
  return {
    ...run,
    error: error && { ...error, message, stack },
    logs: logs.map((line, i) => ({ ...line, message: lines[i]! })),
  };
}
