import { diff, type Change } from '@codemirror/merge';

/** A part of the base that both sides know, in lines. */
interface Hunk {
  from: number;
  to: number;
  lines: string[];
}

/** Different lines that are told apart: as many as there are characters before the surrogates. */
const MAX_LINES = 0xd700;

/**
 * Merges two texts that began as `base`, line by line. Where both changed the same lines in different ways, the lines are those of `mine`, and
 * `overlaps` counts the places.
 */
export function mergeTexts(base: string, mine: string, theirs: string): { text: string; overlaps: number } {
  if (mine === theirs || theirs === base) return { text: mine, overlaps: 0 };
  if (mine === base) return { text: theirs, overlaps: 0 };
  const codes = new Map<string, string>();
  const [ours, others] = [hunksOf(base, mine, codes), hunksOf(base, theirs, codes)];
  if (codes.size > MAX_LINES) return { text: mine, overlaps: 1 };
  const touching = (a: Hunk, b: Hunk): boolean => a.from <= b.to && b.from <= a.to;
  const isSame = (a: Hunk, b: Hunk): boolean =>
    a.from === b.from && a.to === b.to && a.lines.join('\n') === b.lines.join('\n');
  const blocked = others.filter((other) => ours.some((own) => touching(own, other) && !isSame(own, other)));
  const free = others.filter((other) => !ours.some((own) => touching(own, other)));
  const lines = base.split('\n');
  for (const { from, to, lines: replacing } of [...ours, ...free].toSorted((a, b) => b.from - a.from || b.to - a.to))
    lines.splice(from, to - from, ...replacing);
  return { text: lines.join('\n'), overlaps: blocked.length };
}

/** Returns the changes from one text to another as whole lines of the first; `to` is exclusive. */
function hunksOf(base: string, text: string, codes: Map<string, string>): Hunk[] {
  // Lines as single characters: the library compares characters.
  const encode = (line: string): string => {
    const known = codes.get(line) ?? String.fromCharCode(0x20 + (codes.size % MAX_LINES));
    codes.set(line, known);
    return known;
  };
  const lines = text.split('\n');
  const [a, b] = [base.split('\n').map(encode), lines.map(encode)];
  return diff(a.join(''), b.join('')).map(({ fromA, toA, fromB, toB }: Change) => ({
    from: fromA,
    to: toA,
    lines: lines.slice(fromB, toB),
  }));
}
