/** Something that is wrong with a source, at offsets in UTF-16 units. */
export interface Finding {
  from: number;
  to: number;
  severity: 'error' | 'warning';
  message: string;
}

/** An issue as the service says it: with a line and a column, from 1, where it knows them. */
export interface PlacedIssue {
  message: string;
  line?: number | undefined;
  column?: number | undefined;
}

/** Returns the offset of a line and a column, from 1, within the text; of its end where it has no such line. */
export function offsetOf(text: string, line: number, column: number): number {
  let at = 0;
  for (let now = 1; now < line; now++) {
    const end = text.indexOf('\n', at);
    if (end === -1) return text.length;
    at = end + 1;
  }
  const end = text.indexOf('\n', at);
  return Math.min(at + Math.max(column - 1, 0), end === -1 ? text.length : end);
}

/** Returns the line and the column, from 1, of an offset. */
export function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: at - start + 1 };
}

/** Turns an issue into a finding: up to the end of its word, or of the first line where it has no place. */
export function toFinding(text: string, issue: PlacedIssue, severity: Finding['severity']): Finding {
  const from = issue.line === undefined ? 0 : offsetOf(text, issue.line, issue.column ?? 1);
  const word = /^[\w$]+|^[^\n]/.exec(text.slice(from, from + 200))?.[0].length ?? 0;
  // The place is shown beside the message already.
  const message = issue.message.replace(/^line \d+, column \d+: /, '');
  return { from, to: from + word, severity, message };
}

/** Returns the findings of both, without those of `others` on a line on which `first` has one. */
export function merged(text: string, first: readonly Finding[], others: readonly Finding[]): Finding[] {
  const lines = new Set(first.map(({ from }) => placeOf(text, from).line));
  return [...first, ...others.filter(({ from }) => !lines.has(placeOf(text, from).line))].toSorted(
    (a, b) => a.from - b.from,
  );
}
