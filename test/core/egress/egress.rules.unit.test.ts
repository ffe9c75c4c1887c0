import { describe, expect, test } from 'vitest';
import {
  egressIssue,
  egressHostIssue,
  isLocalUpstream,
  localUpstreamIssues,
} from '../../../src/core/egress/egress.rules';
import { parsePublicHosts } from '../../../src/kernel/public-hosts.rules';
import { redirectHostIssue } from '../../../src/core/egress/redirect-host.rules';

describe('a request', () => {
  const own = parsePublicHosts('portico.example.com, *.portico.example.com');
  const LISTED = ['*.example.com', 'api.example.org'];

  test.each([
    ['https://api.example.org/x', null],
    ['https://API.example.org./x', null],
    ['https://other.example.com/', null],
    ['https://a.b.example.com/', null],
    ['https://127.0.0.1.example.com/', null],
    ['https://example.com/', "example.com is not on the endpoint's egress list"],
    ['https://notexample.com/', "notexample.com is not on the endpoint's egress list"],
    ['https://portico.example.com/', 'requests to Portico itself are not allowed'],
    ['https://PORTICO.example.com./', 'requests to Portico itself are not allowed'],
    ['https://a.portico.example.com/', 'requests to Portico itself are not allowed'],
    ['https://elsewhere.example.net/', "elsewhere.example.net is not on the endpoint's egress list"],
    ['https://10.0.0.1/', '10.0.0.1 is not a public host name'],
    ['https://[fd00::1]/', '[fd00::1] is not a public host name'],
    ['https://db/', 'db is not a public host name'],
    ['https://10.0.0.1.nip.io/', '10.0.0.1.nip.io is not a public host name'],
    ['http://api.example.org/', 'only https is allowed'],
    ['wss://api.example.org/', 'only https is allowed'],
    ['data:text/plain,x', 'only https is allowed'],
    ['https://api.example.org:8443/', 'only the default port of https is allowed'],
    ['https://user:pass@api.example.org/', 'the URL must not contain credentials'],
  ])('%s: %s', (url, expected) =>
    expect(egressIssue(new URL(url), LISTED, { publicHosts: own, localPort: null })).toBe(expected),
  );

  test('is allowed to any name when PUBLIC_HOSTS is empty', () =>
    expect(
      egressIssue(new URL('https://portico.example.com/'), LISTED, { publicHosts: null, localPort: null }),
    ).toBeNull());
});

const INTERNAL = 'names an internal network';
const NO_TLD = 'does not end in a top-level domain of the internet';
const WIDE = 'is too broad: anybody can register a name below it';

describe('a host on the list', () => {
  test.each([
    'api.example.com',
    '*.example.com',
    '*.example.co.uk',
    'a.b.c.example.co.uk',
    'example.museum',
    'xn--bcher-kva.example.de',
    'xn--e1afmkfd.xn--p1ai',
    'portico.someone.workers.dev',
    'bucket.s3.amazonaws.com',
    '*.eu-west-1.example.com',
    'project.supabase.co',
    '*.project.supabase.co',
    'notnip.io',
    'mylocaltest.me',
    'city.kobe.jp',
    '*.city.kobe.jp',
  ])('%s is taken', (host) => expect(egressHostIssue(host)).toBeNull());

  test.each([
    ['*.com', WIDE],
    ['*.co.uk', WIDE],
    ['*.com.au', WIDE],
    ['*.kobe.jp', WIDE],
    ['*.ck', WIDE],
    ['*.xn--p1ai', WIDE],
    ['*.workers.dev', WIDE],
    ['*.pages.dev', WIDE],
    ['*.github.io', WIDE],
    ['*.vercel.app', WIDE],
    ['*.azurewebsites.net', WIDE],
    ['*.s3.amazonaws.com', WIDE],
    ['nip.io', INTERNAL],
    ['*.nip.io', INTERNAL],
    ['10.0.0.1.nip.io', INTERNAL],
    ['127-0-0-1.sslip.io', INTERNAL],
    ['localtest.me', INTERNAL],
    ['fritz.box', INTERNAL],
    ['nas.fritz.box', INTERNAL],
    ['a.10.0.0.1.1time.1.1.1.1.forever.rebind.network', INTERNAL],
    ['make-10.0.0.1-rr.1u.ms', INTERNAL],
    ['app.localtest.me', INTERNAL],
    ['box.tail1234.ts.net', INTERNAL],
    ['a.localhost', INTERNAL],
    ['db.internal', INTERNAL],
    ['host.docker.internal', INTERNAL],
    ['nas.home.arpa', INTERNAL],
    ['x.docker', NO_TLD],
    ['x.consul', NO_TLD],
    ['api.default.svc', NO_TLD],
    ['*.svc', NO_TLD],
    ['api.example.invalidtld', NO_TLD],
  ])('%s %s', (host, issue) => expect(egressHostIssue(host)).toBe(issue));

  test.each([
    'com', '*', '*.', '*.*.example.com', 'a.*.example.com', 'EXAMPLE.com', 'a_b.example.com', 'example.com.', '.example.com', 'example..com',
    '10.0.0.1', '[::1]', '0x7f.1', 'https://example.com', 'example.com:443', 'example.com/x', 'user@example.com', '', ' example.com',
    '-a.example.com', `${'a'.repeat(64)}.com`, `${'a.'.repeat(130)}com`, 'bücher.example.de',
  ])('%j is refused as a host name', (host) => expect(egressHostIssue(host)).toMatch(/^must be a lower case host name/)); // oxfmt-ignore
});

describe('a host that redirects may lead to', () => {
  test.each(['shop.example.com', '*.example.co.uk', 'localhost:3000', '127.0.0.1:8000', '*', 'intranet'])(
    '%s is taken',
    (host) => expect(redirectHostIssue(host)).toBeNull(),
  );
  test.each(['*.co.uk', '*.workers.dev', '*.github.io:8443'])('%s is too broad', (host) =>
    expect(redirectHostIssue(host)).toMatch(/^is too broad/),
  );
});

describe('programs on the machine of a local service', () => {
  const local = { publicHosts: parsePublicHosts('127.0.0.1, localhost'), localPort: 8787 };
  const listed = ['localhost:9000', 'localhost:8787', 'localhost:80'];
  test.each([
    ['http://localhost:9000/a?b', null],
    ['http://localhost/', null],
    ['http://localhost:9001/', 'only https is allowed'],
    ['https://localhost:9000/', 'only the default port of https is allowed'],
    ['http://127.0.0.1:9000/', 'only https is allowed'],
    ['http://localhost:8787/admin', 'requests to Portico itself are not allowed'],
  ])('%s: %s', (url, issue) => expect(egressIssue(new URL(url), listed, local)).toBe(issue));

  test('are not reached by a deployed service, whatever its lists say', () => {
    const deployed = { publicHosts: null, localPort: null };
    expect(egressIssue(new URL('http://localhost:9000/'), listed, deployed)).toBe('only https is allowed');
    expect(localUpstreamIssues(['api.example.com', 'localhost:9000'], null)).toMatchObject([
      { pointer: '#/egress/1', code: 'local_only' },
    ]);
    expect(localUpstreamIssues(['localhost:9000'], 8787)).toEqual([]);
  });

  test.each(['localhost:1', 'localhost:65535'])('%s can be listed', (host) => {
    expect([isLocalUpstream(host), egressHostIssue(host)]).toEqual([true, null]);
  });
  test.each(['localhost', 'localhost:0', 'localhost:65536', 'localhost:09', '127.0.0.1:9000', 'localhost:9000/a'])(
    '%s cannot be listed',
    (host) => expect([isLocalUpstream(host), egressHostIssue(host)]).toEqual([false, expect.any(String)]),
  );
});
