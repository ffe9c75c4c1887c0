import { describe, expect, test } from 'vitest';
import { fullTableName, hostIn } from '../../../src/core/code/mention.rules';
import { mentionsInJavaScript } from '../../../src/core/code/mentions-in-javascript.rules';

const named = (text: string): string[] => mentionsInJavaScript(text).map(({ kind, name }) => `${kind} ${name}`);

test.each([
  ['ctx.tables.orders.find()', ['table public.orders']],
  ['context.tables["crm.accounts"]', ['table crm.accounts']],
  ['const { orders, crm: other } = ctx.tables', ['table public.orders', 'table public.crm']],
  ['const { tables } = ctx; tables.orders', ['table public.orders']],
  ['const tables = ctx.tables; tables.orders', ['table public.orders']],
  ['const tables = { orders: [] }; tables.orders', []],
  ['export default ({ a }, { tables: { orders } }) => orders', ['table public.orders']],
  ['c.executionCtx.tables.orders', []],
  ['ctx.tables[name]; ctx.tables.then; ctx.tables.Upper; ctx.tables["a b"]', []],
  ['ctx?.tables?.orders?.find()', ['table public.orders']],
  ["fetch('https://api.example.com/x')", ['host api.example.com']],
  ["fetch('https://API.Example.com')", ['host api.example.com']],
  ['fetch(`https://api.example.com/${id}`)', ['host api.example.com']],
  ['fetch(`https://api.example.com${path}`)', []],
  ['fetch(`https://${host}/x`)', []],
  ["fetch('https://api.example.com/a?b=' + c + '&d=' + e)", ['host api.example.com']],
  ["fetch('https://api.example.' + tld)", []],
  ["globalThis.fetch('https://a.example.com')", ['host a.example.com']],
  ["fetch(new URL('/x', 'https://a.example.com'))", ['host a.example.com']],
  ["new Request('https://a.example.com', {})", ['host a.example.com']],
  ["log('https://a.example.com'); fetch(url); fetch(); fetch('/x'); fetch('https://')", []],
  ['ctx.env.API_KEY + c.env.OTHER', ['secret API_KEY', 'secret OTHER']],
  ["env['API_KEY']", ['secret API_KEY']],
  ['const { API_KEY, other } = ctx.env', ['secret API_KEY']],
  ['process.env.API_KEY; ctx.env.lower; ctx.env[name]; const env = {}; env.API_KEY', []],
  ['not ( javascript', []],
  ["const NAME = 'crm.accounts'; ctx.tables[NAME].count()", ['table crm.accounts']],
  ['ctx.tables[`crm.accounts`].count(); ctx.tables[`crm.${name}`]', ['table crm.accounts']],
  ["const API = 'https://api.example.com/v1'; fetch(API)", ['host api.example.com']],
  ["const API = 'https://api.example.com'; fetch(`${API}/v1/${id}`)", ['host api.example.com']],
  ["const API = 'https://api.example.com'; fetch(API + '/v1')", ['host api.example.com']],
  ["const API = 'https://api.example.com'; fetch(API + path)", []],
  ["const API = 'https://api.example.com'; fetch(new URL('/v1', API))", ['host api.example.com']],
  ["const ZONE = 'eu'; fetch(`https://${ZONE}.example.com/v1`)", ['host eu.example.com']],
  ["const KEY = 'API_KEY'; ctx.env[KEY]", ['secret API_KEY']],
  ["let name = 'orders'; ctx.tables[name]", []],
  ["const name = 'orders'; { const name = pick(); ctx.tables[name] }", []],
  ["const name = 'orders'; export const one = (name) => tables[name]", []],
])('%s', (text, expected) => {
  expect(named(text)).toEqual(expected);
});

test('places count from 1, in the order of the text', () => {
  expect(mentionsInJavaScript("fetch('https://a.example.com');\n  ctx.tables.b; return ctx.env.C")).toEqual([
    { kind: 'host', name: 'a.example.com', line: 1, column: 1 },
    { kind: 'table', name: 'public.b', line: 2, column: 3 },
    { kind: 'secret', name: 'C', line: 2, column: 24 },
  ]);
});

test('a long sum is read, and what the parser cannot read names nothing', () => {
  const sum = `fetch('https://a.example.com/' ${"+ 'x' ".repeat(500)})`;
  expect(named(sum)).toEqual(['host a.example.com']);
  expect(named(`${'['.repeat(100_000)}`)).toEqual([]);
});

describe('names', () => {
  test.each([
    ['orders', 'public.orders'],
    ['crm.accounts', 'crm.accounts'],
    ['a.b.c', null],
    ['Orders', null],
    ['', null],
  ])('of the table %s', (name, full) => expect(fullTableName(name)).toBe(full));
  test.each([
    ['https://a.example.com', false, 'a.example.com'],
    ['http://a.example.com:81/x', false, 'a.example.com'],
    ['https://a.example.com', true, null],
    ['https://a.example.com?', true, 'a.example.com'],
    ['https://a b/', false, null],
    ['ftp://a.example.com', false, null],
  ])('of the host in %s', (text, open, host) => expect(hostIn(text, open)).toBe(host));
});
