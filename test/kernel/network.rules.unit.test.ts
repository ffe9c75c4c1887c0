import { describe, expect, it, test } from 'vitest';
import { networkOf, networksOf } from '../../src/kernel/network.rules';

describe('networkOf', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['unknown', 'unknown'],
    ['2001:db8:0:1:aaaa:bbbb:cccc:dddd', '2001:db8:0:1::/64'],
    ['2001:0DB8:0000:0001::1', '2001:db8:0:1::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['2001:db8::192.0.2.1', '2001:db8:0:0::/64'],
    // One holder, however the address is spelled.
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['0000:0000:0000:0000:0000:ffff:c000:0201', '192.0.2.1'],
    // A text that is no address counts as itself.
    ['1::2::3', '1::2::3'],
    ['2001:db8::12345', '2001:db8::12345'],
    ['1:2:3', '1:2:3'],
    ['1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8:9'],
    ['::ffff:192.0.2.256', '::ffff:192.0.2.256'],
  ])('%s counts as %s', (address, network) => expect(networkOf(address)).toBe(network));

  it('distinguishes two networks', () => expect(networkOf('2001:db8:0:1::1')).not.toBe(networkOf('2001:db8:0:2::1')));
});

describe('networksOf', () => {
  it('has the /48 of an IPv6 address with ten shares', () =>
    expect(networksOf('2001:db8:7:1::1')).toEqual([
      { network: '2001:db8:7:1::/64', shares: 1 },
      { network: '2001:db8:7::/48', shares: 10 },
    ]));
  it.each(['192.0.2.1', '::ffff:192.0.2.1', 'unknown'])('has nothing around %s', (address) =>
    expect(networksOf(address)).toHaveLength(1),
  );
});

const sources = import.meta.glob<string>('../../src/**/*.ts', { query: '?raw', import: 'default', eager: true });

test('no limit counts an address: what reads it counts networks, compares it with a list, or writes it into the audit trail or a session', () => {
  const uses = Object.entries(sources).flatMap(([file, text]) =>
    text
      .split('\n')
      .filter((line) => /\bctx\.address\b|\{[^}]*\baddress\b[^}]*\} = ctx\b/.test(line))
      .map((line) => `${file.replace('../../src/', '')}: ${line.trim()}`),
  );
  expect(uses.length).toBeGreaterThan(5);
  const allowed =
    /networks?Of\(ctx\.address\)|\{ address: ctx\.address(, \.\.\.\w+)? \}|\{ [\w:., ]*, holder, address: ctx\.address, |\.(check|count)\(ctx\.address, |isFrom\(ctx\.address\)|assertKeyMay\(/;
  expect(uses.filter((use) => !allowed.test(use))).toEqual([]);
});
