import { expect, it } from 'vitest';
import { networkOf } from '../../../src/core/session/attempts.rules';

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['unknown', 'unknown'],
  ['2001:db8:0:1:aaaa:bbbb:cccc:dddd', '2001:db8:0:1::/64'],
  ['2001:0DB8:0000:0001::1', '2001:db8:0:1::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::', 'fe80:0:0:0::/64'],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
])('%s counts as %s', (address, network) => expect(networkOf(address)).toBe(network));

it('tells two networks apart', () => expect(networkOf('2001:db8:0:1::1')).not.toBe(networkOf('2001:db8:0:2::1')));
