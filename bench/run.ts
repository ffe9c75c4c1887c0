/**
 * `npm run bench`: Portico as it deploys, in one workerd, compared with Workers that do only the unavoidable part. Prints results; writes
 * files only with --record. See README.md beside this file.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGenerator } from './load/generator.ts';
import { readOptions, type Options } from './options.ts';
import { planRun, type Plan } from './plan.ts';
import { runRaces } from './race.ts';
import { reasonOf, type Failure } from './report/failure.ts';
import { heatTitle, toMarkdown, type Results } from './report/results.ts';
import { findingTable, heatTable } from './report/tables.ts';
import { judge, priceOfRecord } from './report/verdicts.ts';
import type { Bench, Finding } from './scenarios/scenario.ts';
import { openPortico } from './service/portico.ts';
import { serve } from './service/serve.ts';

/** Progress goes to stderr, results to stdout. */
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const print = (...texts: string[]): void => void process.stdout.write(`${texts.join('\n')}\n\n`);

/** Measures all that is planned. `keep` gets the results again after each part, so that a run that is stopped keeps its earlier parts. */
async function measure(
  bench: Bench,
  { races, trials }: Plan,
  { quick, heats: plans }: Options,
  keep: (results: Results) => void,
): Promise<Results> {
  const heats = races.length === 0 ? [] : await runRaces(bench, races, plans, say);
  for (const heat of heats) print(heatTitle(heat), heatTable(heat));
  const parts: Results['parts'] = [];
  const results = { date: new Date(), quick, plans, heats, parts };
  const report = (title: string, findings: Results['parts'][number]['findings']): void => {
    if (findings.length === 0) return;
    print(title, findingTable(findings));
    parts.push({ title, findings });
    keep(results);
  };
  report('Price of a run record, processor time per call', priceOfRecord(heats));
  report('Not measured', heats.flatMap(({ failures }) => failures).map(notMeasured));
  report('Goals at 16 connections, as one process, log on', judge(heats, races));
  for (const { title, run } of trials) {
    say(title);
    report(title, await run(bench).catch((error: unknown) => [notMeasured({ title, reason: reasonOf(error) })]));
  }
  return results;
}

const notMeasured = ({ title, reason }: Failure): Finding => ({
  what: `FAILED: ${title.trim()}`,
  value: reason,
  goal: 'a result',
  met: false,
});

async function main(options: Options): Promise<void> {
  const plan = planRun(options);
  say(`about ${Math.ceil(plan.minutes)} minutes; building and starting`);
  const folder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
  const served = await serve({ persistTo: folder, dispatchOnly: plan.races.some(({ dispatchOnly }) => dispatchOnly) });
  const generator = startGenerator();
  try {
    const bench: Bench = { served, generator, portico: await openPortico(served.portico), quick: options.quick };
    const keep = (results: Results): void => {
      if (options.record) writeFileSync('bench/RESULTS.md', toMarkdown(results));
    };
    const { parts } = await measure(bench, plan, options, keep);
    if (parts.some(({ findings }) => findings.some(({ what }) => what.startsWith('FAILED')))) process.exitCode = 1;
  } finally {
    generator.stop();
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main(readOptions(process.argv.slice(2)));
