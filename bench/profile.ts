/**
 * `node bench/profile.ts [scenario] [seconds] [file]`: CPU profile of Portico's own isolate while a race runs. Prints the functions with
 * the most self time; the file opens in Chrome's DevTools.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGenerator } from './load/generator.ts';
import { openInspector } from './service/inspector.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { openPortico } from './service/portico.ts';
import { serve } from './service/serve.ts';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

const [name = 'pooled', seconds = '5', file] = process.argv.slice(2);
const race = SCENARIOS.find((scenario) => scenario.kind === 'race' && scenario.name === name);
if (race?.kind !== 'race') throw new Error(`unknown race ${name}`);

const served = await serve({ inspect: true });
const generator = startGenerator();
try {
  const target = await race.setUp(await openPortico(served.portico));
  const inspector = await openInspector(served.inspector!, 'portico');
  await inspector.send('Profiler.enable');
  await inspector.send('Profiler.setSamplingInterval', { interval: 200 });
  const load = generator.fire({ target, connections: 16, warmupMs: 1000, measureMs: Number(seconds) * 1000 });
  await sleep(1000);
  await inspector.send('Profiler.start');
  const sample = await load;
  const { profile } = (await inspector.send('Profiler.stop')) as { profile: Profile };
  inspector.close();
  if (file) writeFileSync(file, JSON.stringify(profile));
  process.stdout.write(`${summary(profile, sample.measured)}\n`);
} finally {
  generator.stop();
  await served.stop();
}

/** Self time by function, most first, in microseconds per call. */
function summary({ nodes, samples, timeDeltas }: Profile, calls: number): string {
  const frames = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const { functionName, url, lineNumber } = frames.get(id)!;
    const place = `${functionName || '(anonymous)'} ${url.slice(url.lastIndexOf('/') + 1)}:${lineNumber + 1}`;
    times.set(place, (times.get(place) ?? 0) + timeDeltas[index]!);
  });
  const lines = [...times].toSorted(([, a], [, b]) => b - a).slice(0, 60);
  return lines.map(([place, time]) => `${(time / calls).toFixed(1).padStart(7)} us  ${place}`).join('\n');
}
