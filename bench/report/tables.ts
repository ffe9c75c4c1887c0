import type { Heat, Row } from '../race.ts';
import type { Finding } from '../scenarios/scenario.ts';

/** A Markdown table, padded so that it can be read in a terminal too. The first `texts` columns are text, the others are figures. */
export function table(head: string[], rows: string[][], texts = 1): string {
  const widths = head.map((title, column) => Math.max(3, title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => (column < texts ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column < texts ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

export function heatTable({ rows }: Heat): string {
  const head = [
    'path',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'CPU us',
    'requests/s : floor',
    'p99 : floor',
    'CPU : floor',
    'generator',
  ];
  return table(head, rows.map(heatLine));
}

/** Renders with two digits; a percentile of no responses is empty. */
const fixed = (value: number): string => (Number.isNaN(value) ? '' : value.toFixed(2));

const heatLine = ({ title, perSecond, p50, p99, cpuUs, generator, ratio }: Row): string[] => [
  title,
  Math.round(perSecond).toLocaleString('en'),
  fixed(p50),
  fixed(p99),
  cpuUs === null ? '' : cpuUs.toFixed(0),
  ratio?.perSecond.toFixed(2) ?? '',
  ratio === null ? '' : fixed(ratio.p99),
  ratio?.cpu?.toFixed(2) ?? '',
  generator.toFixed(2),
];

export function findingTable(findings: Finding[]): string {
  const met = { true: 'yes', false: 'NO', null: '' };
  return table(
    ['what', 'measured', 'goal', 'met'],
    findings.map(({ what, value, goal, met: isMet }) => [what, value, goal ?? '', met[`${isMet}`]]),
  );
}
