import { readFileSync } from 'node:fs';
import type { V4WorkerOptions } from 'miniflare';

const text = (name: string): string => readFileSync(new URL(`../floors/${name}`, import.meta.url), 'utf8');

interface Floor {
  /** Module in bench/floors, and the function that its isolates run. */
  module: string;
  work: string;
  bindings: Partial<V4WorkerOptions>;
}

const LOADER = { workerLoaders: { LOADER: {} } };
const FLOOR = {
  'dynamic-worker': { module: 'dynamic-worker.js', work: 'table.js', bindings: LOADER },
  echo: { module: 'dynamic-worker.js', work: 'echo.js', bindings: LOADER },
  facet: {
    module: 'facet.js',
    work: 'table.js',
    bindings: { ...LOADER, durableObjects: { SUPERVISOR: { className: 'Supervisor', useSQLite: true } } },
  },
  refusal: { module: 'refusal.js', work: 'table.js', bindings: {} },
  'cold-worker': { module: 'cold-worker.js', work: 'table.js', bindings: LOADER },
} satisfies Record<string, Floor>;

export type FloorName = keyof typeof FLOOR;
export const FLOORS = Object.keys(FLOOR) as FloorName[];

/** Builds a floor as a Worker with a socket of its own, on Portico's compatibility date. */
export function floorWorker(name: FloorName, compatibilityDate: string): V4WorkerOptions {
  const { module, work, bindings } = FLOOR[name];
  return {
    name: `floor-${name}`,
    compatibilityDate,
    modules: [
      { type: 'ESModule', path: module, contents: text(module) },
      { type: 'Text', path: 'isolate.txt', contents: text('isolate.js') },
      { type: 'Text', path: 'work.txt', contents: text(work) },
    ],
    ...bindings,
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  };
}
