import { fromRow, newRow, toRow } from '../../../console/src/features/parameter/parameter-form.rules.ts';
import { CreateEndpointInput, UpdateEndpointInput } from '../../../src/core/publishing/endpoints/endpoint.schema.ts';
import { Issuer } from '../../../src/core/publishing/endpoints/issuer.schema.ts';
import { RateLimit } from '../../../src/core/publishing/endpoints/limits.schema.ts';
import { Signature } from '../../../src/core/publishing/endpoints/signature.schema.ts';
import { EndpointParameter, ParameterInput } from '../../../src/core/parameters/parameter.schema.ts';
import { execFileSync } from 'node:child_process';
import { describe, expect, it, test } from 'vitest';
import { callSnippets } from '../../../console/src/features/endpoint/call-snippets.rules';
import {
  assertFilled,
  fromIssuerValues,
  ISSUER_STARTS,
  newIssuer,
  toIssuerValues,
} from '../../../console/src/features/endpoint/issuer.rules';
import {
  fromRepeats,
  fromWindows,
  toRepeats,
  toWindows,
} from '../../../console/src/features/endpoint/limit-form.rules';
import { fromSignatureValues, SENDERS, toSignatureValues } from '../../../console/src/features/endpoint/sender.rules';
import { fromSettings, toSettings } from '../../../console/src/features/endpoint/settings-form.rules';
import { accessSentence, callersOf } from '../../../console/src/features/endpoint/who-may-call.rules';
import { posixQuoted } from '../../../console/src/kit/shell-quote.rules';

type Called = Parameters<typeof callSnippets>[0];
type Access = Parameters<typeof callersOf>[0];

const access = (level: Access['level'], keys: string[] = [], names: string[] = [], match: 'any' | 'all' = 'any') => ({
  level,
  keys,
  roles: { match, names, of: names },
  middleware: [],
  addresses: [],
  issuers: [],
  signature: null,
});
const parameter = (name: string, more: object = {}) =>
  ({ name, in: 'body', type: 'text', test: null, default: null, ...more }) as Called['parameters'][number];

describe('callersOf', () => {
  it.each([
    [access('public'), 'anybody'],
    [access('key'), null],
    [access('key', ['a']), '1 key'],
    [access('key', ['a', 'b']), '2 keys'],
    [access('authenticated'), 'signed-in users'],
    [access('authenticated', [], ['staff', 'boss']), 'users with staff or boss'],
    [access('authenticated', [], ['staff', 'boss'], 'all'), 'users with staff and boss'],
    [access('key-or-authenticated', ['a']), '1 key, signed-in users'],
    [access('key-or-authenticated'), 'signed-in users'],
  ])('%j admits %j', (given, callers) => {
    expect(callersOf(given)).toBe(callers);
  });
});

test('accessSentence names what else may refuse a call', () => {
  expect(accessSentence(access('key'), null)).toBe('No caller is admitted: it accepts keys, and has none.');
  expect(accessSentence(access('public'), { limit: 60, windowSeconds: 60, by: 'ip' })).toBe(
    'Admitted: anybody. At most 60 calls in 60 s for each network address.',
  );
});

describe('callSnippets', () => {
  const endpoint: Called = {
    url: 'https://portico.example/u/quote',
    methods: ['POST'],
    access: { ...access('key', ['k']), middleware: [], addresses: [], issuers: [], signature: null },
    parameters: [parameter('amount', { type: 'integer', test: 10 }), parameter('note', { test: "it's" })],
  };
  const textOf = (called: Called, id: string): string => callSnippets(called).find((one) => one.id === id)!.text;

  it('writes a call with test values, and the key as a variable', () => {
    expect(textOf(endpoint, 'curl')).toBe(
      String.raw`curl 'https://portico.example/u/quote' -H "x-api-key: $PORTICO_KEY" -H 'content-type: application/json' -d '{"amount":10,"note":"it'\''s"}'`,
    );
    expect(textOf(endpoint, 'javascript')).toContain('"x-api-key": `${process.env.PORTICO_KEY}`,');
    expect(textOf(endpoint, 'python')).toContain(`"x-api-key": f"{os.environ['PORTICO_KEY']}",`);
    expect(textOf(endpoint, 'python')).toContain('json={"amount": 10, "note": "it\'s"},');
  });

  it('puts parameters where they belong, and needs no key for a public endpoint', () => {
    const open: Called = {
      ...endpoint,
      methods: ['GET'],
      access: { ...access('public'), middleware: [], addresses: [], issuers: [], signature: null },
      parameters: [
        parameter('q', { in: 'query', test: 'a&b' }),
        parameter('limit', { in: 'query', type: 'integer', min: 5 }),
        parameter('trace', { in: 'header', sentAs: 'x-trace', test: 'on' }),
      ],
    };
    expect(textOf(open, 'curl')).toBe(`curl 'https://portico.example/u/quote?q=a%26b&limit=5' -H 'x-trace: on'`);
    expect(textOf(open, 'python')).not.toContain('import os');
  });

  it('writes Python values and JavaScript that compile', () => {
    const typed: Called = {
      ...endpoint,
      parameters: [
        parameter('on', { type: 'boolean' }),
        parameter('list', { type: 'json', test: [null, true, { a: 1 }] }),
      ],
    };
    expect(textOf(typed, 'python')).toContain('json={"on": True, "list": [None, True, {"a": 1}]},');
    const { constructor: AsyncFunction } = (async () => undefined) as unknown as { constructor: FunctionConstructor };
    expect(() => new AsyncFunction(textOf(typed, 'javascript'))).not.toThrow();
  });
});

test.each([`it's`, `$(id)`, '`id`', `a"b`, '\\', "''", 'a\nb', '!x', ''])(
  'a POSIX shell reads %j as it was',
  (text) => {
    expect(execFileSync('/bin/sh', ['-c', `printf %s ${posixQuoted(text)}`]).toString()).toBe(text);
  },
);

test('a parameter comes back from its form as it was', () => {
  const parameters = [
    { name: 'amount', type: 'integer', required: true, test: 10, min: 1, max: 5 },
    { name: 'kind', type: 'enum', values: ['a', 'b'], default: 'a', in: 'query' },
    { name: 'note', type: 'text', test: '5', pattern: '[0-9]+', sentAs: 'hub.note', sensitive: true },
    {
      name: 'rows',
      type: 'array',
      default: [1],
      maxLength: 3,
      aliases: [{ name: 'old', handler: 'hdl_1', version: 1 }],
    },
  ].map((one, index) => EndpointParameter.parse({ id: `p${index}`, ...one }));
  expect(parameters.map((one) => EndpointParameter.parse(fromRow(toRow(one))))).toEqual(parameters);
  // A rule that the chosen type does not have is not sent, and a new one has no id.
  expect(fromRow({ ...toRow(parameters[0]!), type: 'text' })).not.toHaveProperty('min');
  expect(ParameterInput.safeParse(fromRow(newRow(1))).success).toBe(true);
});

describe('the forms of an endpoint', () => {
  it('give back its settings, with what describes a tool', () => {
    const given = {
      path: 'orders/:id',
      handler: { path: 'a.ts' },
      instance: 'shared',
      executor: 'ada',
      secrets: ['TOKEN'],
      egress: ['api.example.com', '*.example.org'],
      cors: { origins: ['*'] },
      response: { types: ['text/csv'], headers: ['x-total'] },
      tool: { name: 'order', description: 'Reads an order', readOnly: true, openWorld: false },
      strict: true,
    };
    const stored = CreateEndpointInput.parse(given) as Parameters<typeof toSettings>[0];
    const saved = UpdateEndpointInput.parse(fromSettings(toSettings(stored)));
    const { types, headers, redirects } = stored.response;
    expect({ ...stored, ...saved, response: { ...saved.response } }).toEqual({
      ...stored,
      response: { types, headers, redirects },
    });
    expect(fromSettings({ ...toSettings(stored), isTool: false }).tool).toBe(false);
    expect(fromSettings({ ...toSettings({ ...stored, tool: false }), isTool: true }).tool).toBe(true);
  });

  it('give back each kind of signature as the service stores it', () => {
    const hmac = { header: 'x-signature', prefix: 'sha256=', payload: '{timestamp}.{body}', timestampHeader: 'x-time' };
    for (const { value } of SENDERS) {
      const signed = { kind: value, secret: 'SIGNING', toleranceSeconds: 60, ...(value === 'hmac' && hmac) };
      const stored = Signature.parse(signed);
      expect(Signature.parse(fromSignatureValues(toSignatureValues(stored)))).toEqual(stored);
    }
    expect(fromSignatureValues(toSignatureValues(null))).toBeNull();
  });

  it('give back issuers with their roles, and begin with what a known issuer needs', () => {
    const stored = Issuer.parse({
      name: 'auth0',
      issuer: 'https://tenant.example.com/',
      audience: ['api', 'web'],
      roles: { claim: 'roles', map: { Buyers: 'buyer', 'a = b': 'seller' } },
    });
    expect(Issuer.parse(fromIssuerValues(toIssuerValues(stored)))).toEqual(stored);
    for (const { values } of ISSUER_STARTS)
      expect(Issuer.shape.audience.safeParse(fromIssuerValues(newIssuer(values)).audience).success).toBe(true);
    const entra = newIssuer(ISSUER_STARTS.find(({ id }) => id === 'entra')!.values);
    expect(() => assertFilled([entra])).toThrow('Issuer entra: Put your own in the place of <tenant id>.');
    expect(() => assertFilled([{ ...entra, issuer: '', jwksUrl: '', audience: 'api' }])).not.toThrow();
  });

  it('give back windows and repeats, and text that is no number as it is', () => {
    const stored = RateLimit.parse({ limit: 60, windowSeconds: 60, by: 'key', also: [{ limit: 5, windowSeconds: 1 }] });
    expect(fromWindows(toWindows(stored), 'allow')).toEqual({ ...stored, whenUnavailable: 'allow' });
    expect(fromWindows(toWindows(null), 'refuse')).toBeNull();
    const typed = fromWindows([{ limit: 'ten', windowSeconds: '', by: 'ip' }], 'refuse');
    expect(RateLimit.safeParse(typed).error?.issues.map(({ path }) => path)).toEqual([['limit'], ['windowSeconds']]);
    for (const repeats of ['off', 'offered', 'required'] as const)
      expect(toRepeats(fromRepeats(repeats))).toBe(repeats);
  });

  it('say in a sentence what else refuses a call', () => {
    const signed = { ...access('public'), signature: { kind: 'github', secret: 'S', toleranceSeconds: 300 } } as const;
    expect(accessSentence({ ...signed, addresses: ['10.0.0.0/8'] }, null)).toBe(
      'Admitted: calls signed by GitHub. Only from 10.0.0.0/8.',
    );
  });
});
