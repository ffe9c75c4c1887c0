import { expect, test } from 'vitest';
import { egressFault } from '../../../src/core/egress/egress.rules';
import { parsePublicHosts } from '../../../src/core/public-hosts.rules';

const own = parsePublicHosts('portico.example.com, *.portico.example.com');
const LISTED = ['*.example.com', 'api.example.org'];

test.each([
  ['https://api.example.org/x', null],
  ['https://other.example.com/', null],
  ['https://portico.example.com/', 'Portico does not call itself'],
  ['https://PORTICO.example.com./', 'Portico does not call itself'],
  ['https://a.portico.example.com/', 'Portico does not call itself'],
  ['https://elsewhere.example.net/', "elsewhere.example.net is not on the endpoint's egress list"],
])('%s: %s', (url, expected) => expect(egressFault(new URL(url), LISTED, own)).toBe(expected));

test('without names of its own Portico stops no call for its name', () =>
  expect(egressFault(new URL('https://portico.example.com/'), LISTED, null)).toBeNull());
