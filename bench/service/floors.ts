import { readFileSync } from 'node:fs';
import type { V4WorkerOptions } from 'miniflare';

const text = (name: string): string => readFileSync(new URL(`../floors/${name}`, import.meta.url), 'utf8');

/** Files of each floor beside its module. The name of a floor is the name of its file in bench/floors. */
const NEEDS = {
  'dynamic-worker': { workerLoaders: { LOADER: {} } },
  facet: {
    workerLoaders: { LOADER: {} },
    durableObjects: { SUPERVISOR: { className: 'Supervisor', useSQLite: true } },
  },
  'key-check': {},
  'cold-worker': { workerLoaders: { LOADER: {} } },
} satisfies Record<string, Partial<V4WorkerOptions>>;

export type FloorName = keyof typeof NEEDS;
export const FLOORS = Object.keys(NEEDS) as FloorName[];

/** Builds a floor as a Worker with a socket of its own, on Portico's compatibility date. */
export function floorWorker(name: FloorName, compatibilityDate: string): V4WorkerOptions {
  return {
    name: `floor-${name}`,
    compatibilityDate,
    modules: [
      { type: 'ESModule', path: `${name}.js`, contents: text(`${name}.js`) },
      { type: 'Text', path: 'isolate.txt', contents: text('isolate.js') },
      { type: 'Text', path: 'table.txt', contents: text('table.js') },
    ],
    ...NEEDS[name],
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  };
}
