/**
 * Tries real packages of the Python package index: `npm run test:packages` its core, with `--all` every probe, with names those. Prints a
 * table in Markdown. Fails when a wheel that can be had does not work; without an index it says so and does nothing.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PackageSet } from '../../../../src/core/code/package-set.ts';
import { addPackageSets } from '../../../../scripts/build-python.ts';
import { writeLock, writeWanted, type LockedWheel } from '../../../../scripts/python/lock.ts';
import { findWithPip } from '../../../../scripts/python/pip.ts';
import { resolve } from '../../../../src/core/code/resolve-packages.ts';
import { folderSource, indexSource, pyodideSource } from '../../../../scripts/python/sources.ts';
import { defaultCache, wheelCache } from '../../../../scripts/python/wheel-cache.ts';
import { makeWheel, wheelFile } from '../wheels.ts';
import { PROBES, type Probe } from './probes.ts';
import { startProbes, type ProbeService } from './service.ts';

const PYODIDE = 'node_modules/pyodide';
const WARM_CALLS = 5;
const NOT_REACHED = "in Pyodide's distribution, which could not be reached";

interface Row {
  probe: Probe;
  wheels: LockedWheel[];
  set?: PackageSet;
  cold?: number;
  warm?: number;
  memory?: number;
  verdict: string;
  failed: boolean;
}

/** MarkupSafe has a pure part, but no pure wheel: one of the copy in vendor/python serves where the index has none that is compiled. */
function makeVendored(folder: string): void {
  const source = 'vendor/python/markupsafe';
  const names = readdirSync(source).filter((name) => name.endsWith('.py'));
  const files = Object.fromEntries(
    names.map((name) => [`markupsafe/${name}`, readFileSync(join(source, name), 'utf8')]),
  );
  const parts = { name: 'markupsafe', version: '3.0.3', files };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, wheelFile(parts)), makeWheel(parts));
}

async function prepare(work: string, probe: Probe): Promise<Row> {
  const row: Row = { probe, wheels: [], verdict: '', failed: false };
  const sources = [indexSource, folderSource(work, join(work, 'wheels')), pyodideSource(PYODIDE)];
  try {
    row.wheels = await resolve(probe.requirements, sources);
  } catch (error) {
    return { ...row, verdict: `no wheel: ${(error as Error).message.split(':')[0]}` };
  }
  const fetchWheel = wheelCache(work, defaultCache(), () => undefined);
  try {
    for (const wheel of row.wheels) await fetchWheel(wheel);
  } catch (error) {
    const isFar =
      row.wheels.some(({ from }) => from === 'pyodide') && /cannot be reached/.test((error as Error).message);
    return { ...row, verdict: isFar ? NOT_REACHED : (error as Error).message, failed: !isFar };
  }
  return row;
}

/** Builds the set of one probe into the assets of `out`, which have no other. */
async function buildFor(work: string, out: string, { probe, wheels }: Row): Promise<PackageSet> {
  const wanted = { requirements: probe.requirements };
  const { version } = JSON.parse(readFileSync(join(PYODIDE, 'package.json'), 'utf8')) as { version: string };
  writeWanted(work, { sets: { [probe.name]: wanted } });
  writeLock(work, { pyodide: version, sets: { [probe.name]: { ...wanted, wheels } } });
  await addPackageSets(out, { packages: work, cache: defaultCache() });
  return (JSON.parse(readFileSync(join(out, 'assets/python/sets/index.json'), 'utf8')) as PackageSet[])[0]!;
}

const sourceOf = ({ requirements, script }: Probe): string =>
  `# /// script\n# dependencies = ${JSON.stringify(requirements)}\n# ///\ndef probe():\n    ${script.replaceAll('\n', '\n    ')}\nresult = probe\n`;

async function measure(service: ProbeService, row: Row): Promise<void> {
  const source = sourceOf(row.probe);
  const before = service.memory();
  const cold = await service.call(source, row.probe.name);
  const warm: number[] = [];
  for (let call = 0; call < WARM_CALLS; call++) warm.push((await service.call(source, row.probe.name)).ms);
  row.memory = service.memory() - before;
  row.cold = cold.ms;
  row.warm = Math.min(...warm);
  const [head, body] = cold.text.split('\n', 2);
  const { kind, error } = JSON.parse(head!) as { kind: string; error?: { name: string; message: string } };
  const works = kind === 'json' && body === 'true';
  const { knownError } = row.probe;
  row.failed = knownError === undefined ? !works : !(error?.message.includes(knownError) ?? false);
  row.verdict = works ? 'works' : `fails: ${error ? `${error.name}: ${error.message}` : body}`.slice(0, 300);
}

async function tryOne(work: string, row: Row): Promise<void> {
  const out = join(work, 'out');
  rmSync(out, { recursive: true, force: true });
  cpSync('dist/assets/python', join(out, 'assets/python'), { recursive: true });
  try {
    row.set = await buildFor(work, out, row);
    const service = await startProbes(join(out, 'assets'));
    try {
      await measure(service, row);
    } finally {
      await service.stop();
    }
  } catch (error) {
    Object.assign(row, { failed: true, verdict: (error as Error).message.slice(0, 300) });
  }
}

const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);

function render({ probe, wheels, set, cold, warm, memory, verdict }: Row): string {
  const own = wheels.find(({ name }) => name.toLowerCase().replaceAll('_', '-') === probe.name);
  const kind = own === undefined ? '' : own.file.includes('wasm32') ? 'compiled' : 'pure';
  const size = set === undefined ? '' : `${mb(set.bytes.compiled)} + ${mb(set.bytes.files)}`;
  const times = cold === undefined ? ['', '', ''] : [cold.toFixed(0), warm!.toFixed(0), memory!.toFixed(0)];
  const linear = set === undefined ? '' : mb(set.bytes.memory);
  const from = own === undefined ? '' : own.from === 'folder' ? 'vendored' : own.from;
  return `| ${[probe.name, own?.version ?? '', kind, from, String(wheels.length || ''), size, linear, ...times, verdict].join(' | ')} |`;
}

async function main(): Promise<number> {
  const index = await findWithPip('six', '').catch((error: Error) => error);
  if (index instanceof Error || index === null) {
    console.log(
      `Real packages were not tried: the Python package index cannot be asked (${index?.message ?? 'no six'}).`,
    );
    return 0;
  }
  const names = process.argv.slice(2).filter((name) => name !== '--all');
  const isWanted = ({ name, isCore }: Probe): boolean =>
    names.length > 0 ? names.includes(name) : process.argv.includes('--all') || isCore === true;
  const work = mkdtempSync(join(tmpdir(), 'portico-packages-'));
  const rows: Row[] = [];
  try {
    makeVendored(join(work, 'wheels'));
    for (const probe of PROBES.filter(isWanted)) {
      const row = await prepare(work, probe);
      if (row.verdict === '') await tryOne(work, row);
      rows.push(row);
      console.log(render(row));
    }
  } finally {
    rmSync(work, { recursive: true });
  }
  const failed = rows.filter((row) => row.failed);
  const ran = rows.filter(({ cold }) => cold !== undefined);
  console.log(`${ran.length} of ${rows.length} packages ran, ${failed.length} failed.`);
  for (const { probe, verdict } of failed) console.log(`FAILED ${probe.name}: ${verdict}`);
  return failed.length > 0 ? 1 : 0;
}

process.exitCode = await main();
