/**
 * `npm run bench`: Portico as it deploys, in one workerd, compared with Workers that do only the unavoidable part. Prints results; writes
 * files only with --record. See README.md beside this file.
 */
import { writeFileSync } from 'node:fs';
import { startGenerator } from './load/generator.ts';
import { readOptions, USAGE, type Options } from './options.ts';
import { runRaces } from './race.ts';
import { toMarkdown, type Results } from './report/results.ts';
import { findingTable, heatTable } from './report/tables.ts';
import { judge } from './report/verdicts.ts';
import { SCENARIOS } from './scenarios/index.ts';
import type { Bench, Race, Scenario, Trial } from './scenarios/scenario.ts';
import { openPortico } from './service/portico.ts';
import { serve } from './service/serve.ts';

/** Progress goes to stderr, results to stdout. */
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const print = (...texts: string[]): void => void process.stdout.write(`${texts.join('\n')}\n\n`);

async function measure(bench: Bench, scenarios: Scenario[], { quick, rounds }: Options): Promise<Results> {
  const races = scenarios.filter((scenario): scenario is Race => scenario.kind === 'race');
  const heats = races.length === 0 ? [] : await runRaces(bench, races, rounds, say);
  for (const heat of heats) print(`${heat.connections} connections`, heatTable(heat));
  const trials: Results['trials'] = [];
  for (const { title, run } of scenarios.filter((scenario): scenario is Trial => scenario.kind === 'trial')) {
    say(title);
    const findings = await run(bench);
    print(title, findingTable(findings));
    trials.push({ title, findings });
  }
  const goals = judge(heats, races);
  if (goals.length > 0) print('Goals, at 16 connections', findingTable(goals));
  return { date: new Date(), quick, rounds, heats, goals, trials };
}

async function main(options: Options): Promise<void> {
  const scenarios = SCENARIOS.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
  if (scenarios.length === 0)
    throw new Error(`unknown scenario; use one of ${SCENARIOS.map(({ name }) => name).join(', ')}\n\n${USAGE}`);
  say('building and starting');
  const served = await serve();
  const generator = startGenerator();
  try {
    const bench: Bench = { served, generator, portico: await openPortico(served.portico), quick: options.quick };
    const results = await measure(bench, scenarios, options);
    if (options.record) writeFileSync('bench/RESULTS.md', toMarkdown(results));
  } finally {
    generator.stop();
    await served.stop();
  }
}

await main(readOptions(process.argv.slice(2)));
