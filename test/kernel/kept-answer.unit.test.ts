import { describe, expect, test } from 'vitest';
import { isUndone, type UndoneSpan } from '../../src/kernel/kept-answer';

describe('what was done at a time is undone', () => {
  const once: UndoneSpan[] = [[10, 20]];
  test.each<[number, UndoneSpan[], boolean]>([
    [10, [], false],
    [10, once, false],
    [11, once, true],
    [20, once, true],
    [21, once, false],
    // Back to 10, and then forward to 15, which has it.
    [12, [...once, [15, 30]], false],
    [16, [...once, [15, 30]], true],
    // A backup of after the first restore lacks what that had undone.
    [12, [...once, [25, 30]], true],
    [12, [[25, 30], ...once], true],
    [22, [...once, [25, 30]], false],
    [26, [...once, [25, 30]], true],
  ])('%j by the restores %j: %j', (time, spans, undone) => expect(isUndone(time, spans)).toBe(undone));
});
