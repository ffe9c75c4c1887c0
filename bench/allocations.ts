/**
 * `node bench/allocations.ts [scenario] [seconds]`: bytes that Portico's own isolate allocates for each call of a race, by function, from the
 * sampling heap profiler, garbage included. Unlike processor time, the figures do not depend on the load of the machine.
 */
import { inspectRace } from './inspect-race.ts';
import { idle } from './measure.ts';

interface Node {
  callFrame: { functionName: string; url: string; lineNumber: number };
  selfSize: number;
  children: Node[];
}

/** Bytes between two samples, on average. */
const INTERVAL_BYTES = 256;
const CONNECTIONS = 16;
const WARMUP_MS = 3000;

const [name = 'pooled', seconds = '3'] = process.argv.slice(2);

await inspectRace(name, async ({ served, generator, target, inspector }) => {
  const load = (measureMs: number) => generator.fire({ target, connections: CONNECTIONS, warmupMs: 0, measureMs });
  await load(WARMUP_MS);
  await idle(served);
  await inspector.send('HeapProfiler.enable');
  await inspector.send('HeapProfiler.startSampling', {
    samplingInterval: INTERVAL_BYTES,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  const { total } = await load(Number(seconds) * 1000);
  await idle(served);
  const { profile } = (await inspector.send('HeapProfiler.stopSampling')) as { profile: { head: Node } };
  process.stdout.write(`${summary(profile.head, total)}\n`);
});

/** Renders bytes per call by function, most first. */
function summary(head: Node, calls: number): string {
  const bytes = new Map<string, number>();
  const add = ({ callFrame: { functionName, url, lineNumber }, selfSize, children }: Node): void => {
    const place = `${functionName || '(anonymous)'} ${url.slice(url.lastIndexOf('/') + 1)}:${lineNumber + 1}`;
    bytes.set(place, (bytes.get(place) ?? 0) + selfSize);
    children.forEach(add);
  };
  add(head);
  const line = (place: string, size: number): string => `${(size / calls).toFixed(0).padStart(7)} B  ${place}`;
  const sum = [...bytes.values()].reduce((one, other) => one + other, 0);
  const lines = [...bytes].toSorted(([, a], [, b]) => b - a).slice(0, 80);
  return [line('in all', sum), ...lines.map(([place, size]) => line(place, size))].join('\n');
}
