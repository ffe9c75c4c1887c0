/**
 * `npm run bench`: Portico as it deploys, in one workerd, compared with Workers that do only the unavoidable part. Prints results; writes
 * files only with --record. See README.md beside this file.
 */
import { writeFileSync } from 'node:fs';
import { startGenerator } from './load/generator.ts';
import { readOptions, type Options } from './options.ts';
import { planRun, type Plan } from './plan.ts';
import { runRaces } from './race.ts';
import { heatTitle, toMarkdown, type Results } from './report/results.ts';
import { findingTable, heatTable } from './report/tables.ts';
import { judge, priceOfRecord } from './report/verdicts.ts';
import type { Bench } from './scenarios/scenario.ts';
import { openPortico } from './service/portico.ts';
import { serve } from './service/serve.ts';

/** Progress goes to stderr, results to stdout. */
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const print = (...texts: string[]): void => void process.stdout.write(`${texts.join('\n')}\n\n`);

async function measure(bench: Bench, { races, trials }: Plan, { quick, heats: plans }: Options): Promise<Results> {
  const heats = races.length === 0 ? [] : await runRaces(bench, races, plans, say);
  for (const heat of heats) print(heatTitle(heat), heatTable(heat));
  const parts: Results['parts'] = [];
  const report = (title: string, findings: Results['parts'][number]['findings']): void => {
    if (findings.length === 0) return;
    print(title, findingTable(findings));
    parts.push({ title, findings });
  };
  report('Price of a run record, processor time per call', priceOfRecord(heats));
  for (const { title, run } of trials) {
    say(title);
    report(title, await run(bench));
  }
  report('Goals at 16 connections, as one process, log on', judge(heats, races));
  return { date: new Date(), quick, plans, heats, parts };
}

async function main(options: Options): Promise<void> {
  const plan = planRun(options);
  say(`about ${Math.ceil(plan.minutes)} minutes; building and starting`);
  const served = await serve({ dispatchOnly: plan.races.some(({ dispatchOnly }) => dispatchOnly) });
  const generator = startGenerator();
  try {
    const bench: Bench = { served, generator, portico: await openPortico(served.portico), quick: options.quick };
    const results = await measure(bench, plan, options);
    if (options.record) writeFileSync('bench/RESULTS.md', toMarkdown(results));
  } finally {
    generator.stop();
    await served.stop();
  }
}

await main(readOptions(process.argv.slice(2)));
