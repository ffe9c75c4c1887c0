import { hash32 } from '../../kernel/hash.rules';
import { BASE62, newId, readId } from '../../kernel/ids';
import type { Settings } from '../access/settings';

/** The shard of runs whose ids name none: those of graphs. */
const DEFAULT_SHARD = '0';

/** Returns the shards of the run log that share the runs of an endpoint: one base62 character each. */
export function shardsOf(
  endpointId: string,
  { runShards, runShardsPerEndpoint }: Pick<Settings, 'runShards' | 'runShardsPerEndpoint'>,
): string {
  const first = hash32(endpointId) % runShards;
  const count = Math.min(runShards, runShardsPerEndpoint);
  return Array.from({ length: count }, (_, index) => BASE62[(first + index) % runShards]).join('');
}

/** Generates the id of a run, which names its time and its shard: one object of the run log is asked for it. */
export const newRunId = (startedAt: number, shards: string = DEFAULT_SHARD): string =>
  newId('run', startedAt, shards.length === 1 ? shards : shards[startedAt % shards.length]);

/** Returns the time and the shard that the id of a run names; null for the id of a graph's run. */
export function readRunId(id: string): { startedAt: number; shard: string } | null {
  const read = readId('run', id);
  return read && { startedAt: read.at, shard: read.mark };
}

export const shardOf = (id: string): string => readRunId(id)?.shard ?? DEFAULT_SHARD;
