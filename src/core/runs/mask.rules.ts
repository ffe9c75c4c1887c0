/** Replaces values that must not be stored. */
export const REDACTED = '[redacted]';

/** A part of a text that must not be stored, `end` exclusive; `as` replaces it, REDACTED by default. */
export interface Range {
  start: number;
  end: number;
  as?: string;
}

/** Replaces the ranges of a text. Merges ranges that overlap, so that two rules never leave a part between them. */
export function mask(text: string, ranges: Range[]): string {
  if (ranges.length === 0) return text;
  ranges.sort((a, b) => a.start - b.start || b.end - a.end);
  let result = '';
  let done = 0;
  for (let i = 0; i < ranges.length;) {
    const { start, as = REDACTED } = ranges[i]!;
    let { end } = ranges[i]!;
    let shown = as;
    for (i++; i < ranges.length && ranges[i]!.start < end; i++) {
      if (ranges[i]!.end <= end) continue;
      end = ranges[i]!.end;
      shown = REDACTED;
    }
    result += text.slice(done, start) + shown;
    done = end;
  }
  return result + text.slice(done);
}
