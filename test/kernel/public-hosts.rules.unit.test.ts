import { describe, expect, it } from 'vitest';
import { parsePublicHosts } from '../../src/kernel/public-hosts.rules';

const LOCAL = '127.0.0.1:8787, 127.0.0.1, localhost [::1],*.localhost';

describe('public hosts', () => {
  it.each([
    [LOCAL, '127.0.0.1:8787', true],
    [LOCAL, '127.0.0.1:9000', true],
    [LOCAL, '127.0.0.1', true],
    [LOCAL, 'localhost:8787', true],
    [LOCAL, 'LocalHost', true],
    [LOCAL, 'localhost.', true],
    [LOCAL, 'localhost.:8787', true],
    [LOCAL, 'portico.localhost:8787', true],
    [LOCAL, 'a.b.localhost', true],
    [LOCAL, '[::1]:8787', true],
    [LOCAL, '[::1]', true],
    [LOCAL, '.localhost', false],
    [LOCAL, 'evillocalhost', false],
    [LOCAL, 'localhost.evil.example', false],
    [LOCAL, '127.0.0.1.nip.io', false],
    [LOCAL, '127.0.0.2', false],
    [LOCAL, '[::2]', false],
    [LOCAL, '', false],
    ['api.example.com', 'api.example.com', true],
    ['api.example.com', 'api.example.com:8443', true],
    ['API.example.com', 'api.EXAMPLE.com', true],
    ['api.example.com', 'x.api.example.com', false],
    ['api.example.com', 'example.com', false],
    ['api.example.com:8443', 'api.example.com', false],
    ['api.example.com:8443', 'api.example.com:8443', true],
    ['api.example.com,*.example.com', 'x.example.com', true],
    ['api.example.com,*.example.com', 'example.com', false],
  ])('%s has %s: %s', (text, authority, expected) => expect(parsePublicHosts(text).includes(authority)).toBe(expected));

  it('begin with the name for links', () => expect(parsePublicHosts(LOCAL).first).toBe('127.0.0.1:8787'));

  it.each(['', ' , ', '*.example.com', '*.example.com, api.example.com'])('%j has no first name', (text) =>
    expect(() => parsePublicHosts(text)).toThrow('PUBLIC_HOSTS must begin with a name'),
  );
  it.each([
    'https://api.example.com',
    'api.example.com/',
    'a b/c',
    'x.example.com, *',
    'a..b',
    '-a.b',
    'a*.b',
    '[::1',
    'a:b',
    'ü.example',
  ])('%j is refused', (text) => expect(() => parsePublicHosts(text)).toThrow(/^PUBLIC_HOSTS must be/));
});
