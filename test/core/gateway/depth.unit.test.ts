import { expect, it } from 'vitest';
import { readDepth, signDepth } from '../../../src/core/gateway/depth';

const settings = { keyPepper: 'a-pepper-of-a-test-that-has-32-bytes!' };
const NOW = 1_700_000_000_000;

it('is verified for six minutes', () => {
  const header = signDepth(settings, 2, NOW);
  expect(readDepth(settings, header, NOW)).toBe(2);
  expect(readDepth(settings, header, NOW + 359_000)).toBe(2);
  expect(readDepth(settings, header, NOW + 360_000)).toBe(0);
});

it('differs by time and by secret', () => {
  expect(signDepth(settings, 1, NOW)).not.toBe(signDepth(settings, 1, NOW + 1000));
  expect(readDepth({ keyPepper: 'another-pepper-of-at-least-32-bytes!!' }, signDepth(settings, 2, NOW), NOW)).toBe(0);
});

it('ends a circle beyond three', () => {
  expect(readDepth(settings, signDepth(settings, 3, NOW), NOW)).toBe(3);
  expect(() => readDepth(settings, signDepth(settings, 4, NOW), NOW)).toThrow(
    expect.objectContaining({ code: 'loop_detected' }),
  );
});

const [depth, end, mac] = signDepth(settings, 4, NOW).split('.');
it.each([
  null,
  '',
  '4',
  `4.${mac}`,
  `3.${end}.${mac}`,
  `${depth}.${Number(end) + 1}.${mac}`,
  `${depth}.${end}.${'0'.repeat(32)}`,
  `${depth}.${end}.${mac}0`,
  `${depth}.${end}.${mac}, ${depth}.${end}.${mac}`,
])('%j counts as none', (header) => expect(readDepth(settings, header, NOW)).toBe(0));
