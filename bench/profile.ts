/**
 * `node bench/profile.ts [scenario] [seconds] [file]`: CPU profile of Portico's own isolate while a race runs. Prints the functions with
 * the most self time, in wall time scaled to the processor time of workerd: what runs outside of the isolate is `(idle)`. The file opens in
 * Chrome's DevTools.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspectRace } from './inspect-race.ts';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

const [name = 'pooled', seconds = '5', file] = process.argv.slice(2);

await inspectRace(name, async ({ served, generator, target, inspector }) => {
  await inspector.send('Profiler.enable');
  await inspector.send('Profiler.setSamplingInterval', { interval: 200 });
  const load = generator.fire({ target, connections: 16, warmupMs: 1000, measureMs: Number(seconds) * 1000 });
  await sleep(1000);
  await inspector.send('Profiler.start');
  const [startedAt, cpuBefore] = [performance.now(), served.cpuMs()];
  const sample = await load;
  const { profile } = (await inspector.send('Profiler.stop')) as { profile: Profile };
  const scale = ((served.cpuMs() ?? 0) - (cpuBefore ?? 0)) / (performance.now() - startedAt);
  if (file) writeFileSync(file, JSON.stringify(profile));
  process.stdout.write(`${summary(profile, sample.measured, scale || 1)}\n`);
});

/** Renders self time by function, most first, in microseconds per call times `scale`. */
function summary({ nodes, samples, timeDeltas }: Profile, calls: number, scale: number): string {
  const frames = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const { functionName, url, lineNumber } = frames.get(id)!;
    const place = `${functionName || '(anonymous)'} ${url.slice(url.lastIndexOf('/') + 1)}:${lineNumber + 1}`;
    times.set(place, (times.get(place) ?? 0) + timeDeltas[index]!);
  });
  const lines = [...times].toSorted(([, a], [, b]) => b - a).slice(0, 80);
  return lines.map(([place, time]) => `${((time / calls) * scale).toFixed(1).padStart(7)} us  ${place}`).join('\n');
}
