import { expect, it } from 'vitest';
import { isForeignPage } from '../../../src/http/wire/foreign-page';

const OWN = 'https://portico.example';

it.each<[Record<string, string>, boolean]>([
  // Programs.
  [{}, false],
  // Pages of Portico's own.
  [{ 'sec-fetch-site': 'same-origin', origin: OWN }, false],
  [{ 'sec-fetch-site': 'same-origin' }, false],
  [{ origin: OWN }, false],
  // An address that somebody typed.
  [{ 'sec-fetch-site': 'none' }, false],
  // In front of Portico, TLS may end.
  [{ origin: 'http://portico.example' }, false],
  [{ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, true],
  [{ 'sec-fetch-site': 'cross-site' }, true],
  // Another port, or a name beside it: cookies do not see the difference.
  [{ 'sec-fetch-site': 'same-site' }, true],
  [{ 'sec-fetch-site': 'same-site', origin: OWN }, true],
  // Browsers without Sec-Fetch-Site.
  [{ origin: 'https://evil.example' }, true],
  [{ origin: 'https://portico.example:8443' }, true],
  [{ origin: 'https://portico.example.evil.example' }, true],
  [{ origin: 'null' }, true],
  [{ origin: '' }, true],
  [{ 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }, true],
])('%j: %s', (headers, expected) => expect(isForeignPage(new Headers(headers), OWN)).toBe(expected));
