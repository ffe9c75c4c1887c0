import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Heat as Plan } from '../options.ts';
import type { Heat } from '../race.ts';
import type { Finding } from '../scenarios/scenario.ts';
import { findingTable, heatTable } from './tables.ts';

export interface Results {
  date: Date;
  quick: boolean;
  plans: Plan[];
  heats: Heat[];
  parts: { title: string; findings: Finding[] }[];
}

/** Renders bench/RESULTS.md: the measurements, the machine and the goals. */
export function toMarkdown({ date, quick, plans, heats, parts }: Results): string {
  const sections = [
    '# Results of `npm run bench`',
    `Written by \`npm run bench -- --record\`${quick ? ' with `--quick`: too short to be reliable' : ''}. README.md beside this file says what each number means.`,
    facts(date, plans),
    ...heats.flatMap((heat) => [`## ${heatTitle(heat)}`, heatTable(heat)]),
    ...parts.flatMap(({ title, findings }) => [`## ${title}`, findingTable(findings)]),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Names a table: its connections, and how busy other processes kept the machine. */
export const heatTitle = ({ connections, others }: Heat): string =>
  `${connections} connection${connections === 1 ? '' : 's'}, other processes used ${others.toFixed(2)} processors`;

function facts(date: Date, plans: Plan[]): string {
  const processors = cpus();
  return [
    `- date: ${date.toISOString().slice(0, 10)}`,
    `- workerd ${versionOf('workerd')}, miniflare ${versionOf('miniflare')}, wrangler ${versionOf('wrangler')}, Node ${process.versions.node}`,
    `- ${processors.length} x ${processors[0]?.model.trim() ?? 'unknown processor'}, ${process.platform} ${process.arch}`,
    ...plans.map(
      ({ connections, rounds, measureMs }) =>
        `- ${connections} connections: ${rounds} interleaved rounds of ${measureMs / 1000} s`,
    ),
  ].join('\n');
}

function versionOf(name: string): string {
  return (JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string }).version;
}
