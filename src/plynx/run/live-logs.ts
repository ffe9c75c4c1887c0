import { createLogger } from '../../kernel/logger';
import type { LogSink } from '../../runtime/operations/operations';
import type { Context } from '../../core/access/context';
import { fileKey } from '../files/file-key.rules';

const log = createLogger('plynx');

/** Each write has the whole log, so a long log is written less often. */
const FIRST_PAUSE_MS = 1000;
const LATER_PAUSE_MS = 10_000;
const FIRST_ROUNDS = 60;
/** Maximum bytes of a log that are stored while its node runs; its end stores the rest. */
const MAX_BYTES = 1024 * 1024;

interface Started {
  graphId: string;
  nodeId: string;
  ownerId: string;
  /** Names of the node's logs. */
  names: string[];
  /** Ids of the files of its logs, by name, as far as they exist. */
  logs: Record<string, string>;
}

export interface LiveLogs {
  sink: LogSink;
  /** Stops. Returns the ids of the logs by name. Never throws. */
  close: () => Promise<Record<string, string>>;
}

/**
 * Stores the output of a node while it runs, so that users can read it during the run, and after a cancel. The row names a file before the
 * file exists, so that no file is ever unnamed.
 */
export function keepLogs(
  ctx: Pick<Context, 'store'>,
  { graphId, nodeId, ownerId, names, logs: begun }: Started,
): LiveLogs {
  const logs = { ...begun };
  const kept = new Map<string, { parts: Uint8Array[]; size: number; isNew: boolean }>();
  let keeping: Promise<void> | undefined;
  let closed = false;
  let rounds = 0;
  let wake = (): void => undefined;

  const keepNew = async (): Promise<void> => {
    const changed = [...kept].filter(([, log]) => log.isNew);
    const added = changed.filter(([name]) => logs[name] === undefined);
    for (const [name] of added) logs[name] = crypto.randomUUID();
    // The node was canceled: no row would name the file.
    if (added.length > 0 && !(await ctx.store.nodeRuns.keepLogs(graphId, nodeId, logs))) closed = true;
    if (closed) return;
    for (const [name, log] of changed) {
      log.isNew = false;
      await ctx.store.blobs.put(fileKey(logs[name]!), joined(log), ownerId);
    }
  };
  const keepOn = async (): Promise<void> => {
    while ([...kept.values()].some(({ isNew }) => isNew)) {
      await keepNew();
      if (closed) return;
      rounds += 1;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, rounds <= FIRST_ROUNDS ? FIRST_PAUSE_MS : LATER_PAUSE_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };

  return {
    sink: (name, bytes) => {
      if (closed || !names.includes(name)) return;
      const log = kept.get(name) ?? { parts: [], size: 0, isNew: false };
      kept.set(name, log);
      const part = bytes.slice(0, MAX_BYTES - log.size);
      if (part.byteLength === 0) return;
      log.parts.push(part);
      log.size += part.byteLength;
      log.isNew = true;
      keeping ??= keepOn()
        .catch((error: unknown) => reportLost(graphId, nodeId, error))
        .finally(() => (keeping = undefined));
    },
    close: async () => {
      closed = true;
      wake();
      await keeping;
      return logs;
    },
  };
}

function joined({ parts, size }: { parts: Uint8Array[]; size: number }): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

// The node continues: its end stores the whole log.
const reportLost = (graphId: string, nodeId: string, error: unknown): void =>
  log.warn('cannot store a log while its node runs', { event: 'graph_node.log_not_stored', graphId, nodeId, error });
