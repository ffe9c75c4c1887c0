import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Heat, Rounds } from '../race.ts';
import type { Finding } from '../scenarios/scenario.ts';
import { findingTable, heatTable } from './tables.ts';

export interface Results {
  date: Date;
  quick: boolean;
  rounds: Rounds;
  heats: Heat[];
  goals: Finding[];
  trials: { title: string; findings: Finding[] }[];
}

/** Renders bench/RESULTS.md: the measurements, the machine and the goals. */
export function toMarkdown({ date, quick, rounds, heats, goals, trials }: Results): string {
  const parts = [
    '# Results of `npm run bench`',
    `Written by \`npm run bench -- --record\`${quick ? ' with `--quick`: too short to be reliable' : ''}. README.md beside this file describes the method.`,
    facts(date),
    `Medians of ${rounds.rounds} interleaved rounds of ${rounds.measureMs / 1000} s each. Requests per second and times depend on this machine and its other load; only the ratios count. A ratio is the median of the ratios within each round. CPU is workerd's, all threads, with all work after the responses.`,
    '[README.md](README.md#where-the-time-goes) explains where the time goes.',
    ...heats.flatMap((heat) => [
      `## ${heat.connections} connection${heat.connections === 1 ? '' : 's'}`,
      heatTable(heat),
    ]),
    ...trials.flatMap(({ title, findings }) => [`## ${title}`, findingTable(findings)]),
    ...(goals.length === 0 ? [] : ['## Goals, at 16 connections', findingTable(goals)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function facts(date: Date): string {
  const processors = cpus();
  return [
    `- date: ${date.toISOString().slice(0, 10)}`,
    `- workerd ${versionOf('workerd')}, miniflare ${versionOf('miniflare')}, wrangler ${versionOf('wrangler')}, Node ${process.versions.node}`,
    `- ${processors.length} x ${processors[0]?.model.trim() ?? 'unknown processor'}, ${process.platform} ${process.arch}`,
  ].join('\n');
}

function versionOf(name: string): string {
  return (JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string }).version;
}
