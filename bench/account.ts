/**
 * `node bench/account.ts [scenario] [seconds]`: where the processor time of a call goes, beside its floor, from samples of workerd's native
 * stacks. Needs Linux and `perf` (Debian's linux-perf), as root or with `kernel.perf_event_paranoid` at 1 or less.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { idle } from './measure.ts';
import { partOf, readStacks } from './report/account.ts';
import { serveRace } from './serve-race.ts';

const SAMPLES_PER_SECOND = '4000';
const CONNECTIONS = 16;
const WARMUP_MS = 12_000;
/** Milliseconds until perf has attached itself. */
const ATTACH_MS = 700;
/** The most that perf prints of the stacks of a run. */
const MAX_TEXT = 1024 ** 3;

const [name = 'pooled', seconds = '8'] = process.argv.slice(2);

const folder = mkdtempSync(join(tmpdir(), 'bench-account-'));
try {
  await serveRace(name, {}, async ({ served, generator, target, floor }) => {
    const parts = new Map<string, [floor: number, portico: number]>();
    for (const [side, url] of [floor, target.url].entries()) {
      const load = (measureMs: number) =>
        generator.fire({ target: { ...target, url }, connections: CONNECTIONS, warmupMs: 0, measureMs });
      await load(WARMUP_MS);
      const [stopSampling, cpuBefore] = [await startSampling(served.pid!), served.cpuMs()!];
      const { total } = await load(Number(seconds) * 1000);
      await idle(served);
      const us = ((served.cpuMs()! - cpuBefore) / total) * 1000;
      const stacks = readStacks(await stopSampling());
      for (const stack of stacks) {
        const part = partOf(stack);
        const times = parts.get(part) ?? [0, 0];
        times[side]! += us / stacks.length;
        parts.set(part, times);
      }
    }
    process.stdout.write(render(parts));
  });
} finally {
  rmSync(folder, { recursive: true });
}

/** Samples the stacks of a process by processor time. Returns a function that stops it and returns the stacks as `perf script` prints them. */
async function startSampling(pid: number): Promise<() => Promise<string>> {
  const data = join(folder, 'samples');
  const args = [
    'record',
    '-q',
    '-F',
    SAMPLES_PER_SECOND,
    '-e',
    'cpu-clock',
    '--call-graph',
    'fp',
    '-p',
    String(pid),
    '-o',
    data,
  ];
  const perf = spawn('perf', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise<void>((resolve, reject) => perf.once('error', reject).once('exit', () => resolve()));
  await Promise.race([sleep(ATTACH_MS), ended]);
  if (perf.exitCode !== null) throw new Error('perf ended at once: see its message above');
  return async () => {
    perf.kill('SIGINT');
    await ended;
    const printed = spawnSync('perf', ['script', '-i', data, '-F', 'comm,ip,sym', '--no-inline'], {
      maxBuffer: MAX_TEXT,
    });
    if (printed.status !== 0) throw new Error(`perf script failed: ${String(printed.stderr)}`);
    return String(printed.stdout);
  };
}

/** Renders the parts in microseconds a call, most above the floor first. */
function render(parts: Map<string, [floor: number, portico: number]>): string {
  const line = (what: string, [floor, portico]: [number, number]): string =>
    `${[floor, portico, portico - floor].map((us) => us.toFixed(1).padStart(8)).join('')}  ${what}\n`;
  const rows = [...parts].toSorted(([, a], [, b]) => b[1] - b[0] - (a[1] - a[0]));
  const sum: [number, number] = [0, 0];
  for (const [, [floor, portico]] of rows) {
    sum[0] += floor;
    sum[1] += portico;
  }
  return `   floor   calls    more  us of processor time a call\n${rows.map(([what, times]) => line(what, times)).join('')}${line('in all', sum)}`;
}
