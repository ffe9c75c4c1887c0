import { expect, test } from 'vitest';
import { compileRanges, parseAddressRange } from '../../src/kernel/address-range.rules';

test.each([
  ['192.0.2.0/24', '192.0.2.255', true],
  ['192.0.2.0/24', '192.0.3.0', false],
  ['192.0.2.7/24', '192.0.2.8', true],
  ['192.0.2.7', '192.0.2.7', true],
  ['192.0.2.7', '192.0.2.8', false],
  ['0.0.0.0/0', '255.1.2.3', true],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['::/0', '2001:db8::1', true],
  ['192.0.2.0/25', '::ffff:192.0.2.127', true],
  ['192.0.2.0/25', '::ffff:192.0.2.128', false],
  ['::ffff:192.0.2.0/121', '192.0.2.127', true],
  ['2001:db8::/33', '2001:db8:7fff::1', true],
  ['2001:db8::/33', '2001:db8:8000::1', false],
  ['2001:db8::1', '2001:DB8:0::1', true],
  ['192.0.2.0/24', 'unknown', false],
])('%s contains %s: %j', (range, address, isIn) => {
  expect(compileRanges([range])!(address)).toBe(isIn);
});

test.each([
  '',
  '/24',
  '192.0.2',
  '192.0.2.256',
  '192.0.2.1/33',
  '192.0.2.1/',
  '192.0.2.1/024',
  '192.0.2.1/1/1',
  '::g',
  '2001:db8::/129',
  'localhost',
  '1',
])('%j is no range', (text) => {
  expect(parseAddressRange(text)).toBeNull();
});

test('an empty list admits all addresses', () => {
  expect(compileRanges([])).toBeNull();
});
