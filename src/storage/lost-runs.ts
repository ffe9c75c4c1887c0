import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { LostRuns } from '../core/runs/lost-runs';
import type { StoredRun } from '../core/runs/run-log';

const PREFIX = 'lost-runs/';
/** Names in one answer of R2. */
const MAX_LISTED = 1000;

/** Runs in R2 under `lost-runs/`, one object per batch, as deflated JSON. A batch that is stored twice has one name. */
export const createLostRuns = (bucket: R2Bucket): LostRuns => ({
  put: async (runs) => {
    const ids = runs.map(({ entry }) => entry.id);
    await bucket.put(
      `${PREFIX}${ids[0]}-${ids.at(-1)}-${ids.length}`,
      deflateRawSync(JSON.stringify(runs), { level: 1 }),
    );
  },
  list: async (limit) => {
    const { objects } = await bucket.list({ prefix: PREFIX, limit: MAX_LISTED });
    const names = objects.map(({ key }) => key);
    const half = Math.floor(limit / 2);
    return names.length <= limit ? names : [...names.slice(0, half), ...names.slice(-half)];
  },
  read: async (name) => {
    const found = await bucket.get(name);
    return found === null ? [] : (JSON.parse(inflateRawSync(await found.arrayBuffer()).toString()) as StoredRun[]);
  },
  remove: (name) => bucket.delete(name),
});
