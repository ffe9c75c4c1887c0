import { describe, expect, it } from 'vitest';
import recorded from '../../fixtures/templates/jinja2.json';
import { plainText } from '../../../src/plynx/run/plain-template.rules';

interface Case {
  source: string;
  text?: string;
}
const context = recorded.context as unknown as Record<string, Record<string, unknown>>;
const cases: Case[] = recorded.cases;

it('renders as jinja2 does, and leaves other templates to jinja2', () => {
  const rendered = cases.flatMap(({ source, text }) => {
    const plain = plainText({ source, context });
    return plain === undefined ? [] : [{ source, plain, text }];
  });
  expect(rendered.filter(({ plain, text }) => plain !== text)).toEqual([]);
  // Texts without a template, and most of those that put paths and parameters in their places.
  expect(rendered.length).toBeGreaterThan(20);
});

describe('renders without jinja2', () => {
  it.each([
    ["grep '^{{ param['n'] }}' {{ input.a }} > {{ output.b }}", "grep '^4' /tmp/x/i_0_a > /tmp/x/o_b"],
    ['cat {{ input.list | join(" ") }}', 'cat /tmp/x/i_0_l /tmp/x/i_1_l'],
    ['{{input["list"][1]}}', '/tmp/x/i_1_l'],
    ['{{ param.flag }} {{ param._timeout }} {{ param.words }}', "True 600 ['b', 'a', 'C']"],
    ['{{ param.x }}{{ param.uni }}', "it'sé中😀"],
    ['a\r\nb\r\n\n', 'a\nb\n'],
    ["awk '{print $1}' }} %} #}", "awk '{print $1}' }} %} #}"],
    ['', ''],
  ])('%j', (source, text) => expect(plainText({ source, context })).toBe(text));
});

describe('leaves to jinja2', () => {
  it.each([
    '{{ nope }}',
    '{{ param.nope }}',
    '{{ input.list[7] }}',
    '{{ param.x[0] }}',
    "{{ param.x | join('-') }}",
    '{{ param.items }}',
    '{{ param.keys }}',
    "{{ param['a'] ~ 'b' }}",
    '{{ param.x | upper }}',
    '{{- param.x -}}',
    '{{ param.x }} {{ broken',
    '{{ {{ param.x }} }}',
    '{% if true %}a{% endif %}',
    '${#a[@]}',
    '{{ param }}',
    "{{ param['__class__'] }}",
    '{{ param.constructor }}',
  ])('%s', (source) => expect(plainText({ source, context })).toBeUndefined());
});

it('a parameter may be named like a method, in brackets', () => {
  const names = JSON.parse('{"param": {"keys": "k", "__proto__": "p"}}') as typeof context;
  expect(plainText({ source: "{{ param['keys'] }}{{ param['__proto__'] }}", context: names })).toBe('kp');
  expect(plainText({ source: '{{ param.keys }}', context: names })).toBeUndefined();
});

it('numbers and lists that Python may print otherwise are left to Python', () => {
  for (const value of [1.5, 2 ** 60, null, { a: 1 }, [[1]], [1.5]]) {
    expect(plainText({ source: '{{ param.v }}', context: { param: { v: value } } })).toBeUndefined();
  }
});

it('hostile text takes one reading', () => {
  const source = '{{ param['.repeat(100_000) + ' '.repeat(100_000);
  expect(plainText({ source, context })).toBeUndefined();
});
