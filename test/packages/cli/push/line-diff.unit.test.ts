import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines } from '../../../../packages/cli/src/push/line-diff.ts';

const lines = (n: number): string[] => Array.from({ length: n }, (_, i) => `line ${i}`);

test('shows changed lines with three around them, and … between parts', () => {
  const before = lines(20);
  const after = before.with(4, 'four').with(15, 'fifteen');
  expect(diffLines(before.join('\n'), after.join('\n'))).toEqual([
    '  line 1',
    '  line 2',
    '  line 3',
    '- line 4',
    '+ four',
    '  line 5',
    '  line 6',
    '  line 7',
    '…',
    '  line 12',
    '  line 13',
    '  line 14',
    '- line 15',
    '+ fifteen',
    '  line 16',
    '  line 17',
    '  line 18',
  ]);
  expect(diffLines('a\nb', 'a\nb')).toEqual([]);
});

test('the signs of any two short texts give both back', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }).map((list) => list.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const shown = diffLines(before, after);
      const side = (sign: string): string =>
        shown
          .filter((line) => line[0] === ' ' || line[0] === sign)
          .map((line) => line.slice(2))
          .join('\n');
      // Texts of three lines are within the context of each change.
      if (before !== after) expect([side('-'), side('+')]).toEqual([before, after]);
    }),
  );
});

test('texts that differ in too many lines are shown as removed and added', () => {
  const before = lines(3000);
  const shown = diffLines(before.join('\n'), before.toReversed().join('\n'));
  expect([shown.length, shown[0], shown.at(-1)]).toEqual([6000, '- line 0', '+ line 0']);
});
