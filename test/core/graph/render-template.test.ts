import { describe, expect, it } from 'vitest';
import { renderTemplate } from '../../../src/core/graph/render-template.rules';

const render = (source: string, context: Record<string, Record<string, unknown>> = {}) =>
  renderTemplate({ source, context });
const PARAM = {
  param: { yes: true, no: false, nothing: null, n: 7, half: 0.5, text: "it's", list: ['a', 1, true], map: { a: null } },
};

describe('values print as in Python', () => {
  it.each([
    ["{{ param['yes'] }} {{ param['no'] }} {{ param['nothing'] }}", 'True False None'],
    ['{{ true }} {{ True }} {{ none }} {{ None }}', 'True True None None'],
    ["{{ param['n'] }} {{ param['half'] }} {{ 4 / 2 }}", '7 0.5 2.0'],
    ["{{ param['text'] }}", "it's"],
    ["{{ param['list'] }}", "['a', 1, True]"],
    ["{{ param['map'] }}", "{'a': None}"],
    ["{{ param['absent'] }}", ''],
    ['{{ param.n == 7 }}', 'True'],
    ["{% if param['no'] %}a{% elif param['yes'] %}{{ param['yes'] }}{% else %}c{% endif %}", 'True'],
    ['{% for x in param.list %}{{ loop.last }} {% endfor %}', 'False False True '],
    ['{% for x in [] %}a{% else %}{{ none }}{% endfor %}', 'None'],
    ['{% macro m(x) %}{{ x }}{% endmacro %}{{ m(true) }}', 'True'],
    ['{% set x = false %}{{ x }}', 'False'],
    ["{{ 'a' if param['no'] else 'b' }}", 'b'],
  ])('%s: %s', (source, text) => expect(render(source, PARAM)).toBe(text));
});

describe('white space', () => {
  it.each([
    ['a\n', 'a'],
    ['a\n\n', 'a\n'],
    ['a\r\nb\r\n', 'a\nb'],
    ['  {% if true %}\n  a\n  {% endif %}\nb', '  \n  a\n  \nb'],
    ['a {%- if true -%} b {%- endif %} c', 'ab c'],
    ['{# nothing #}\na', '\na'],
    ['', ''],
  ])('%j: %j', (source, text) => expect(render(source)).toBe(text));
});

it('joins the paths of inputs', () => {
  const context = { input: { in: ['/tmp/x/i_0_in', '/tmp/x/i_1_in'] }, output: { out: '/tmp/x/o_out' } };
  expect(render("cat {{ input['in'] | join(' ') }} > {{ output['out'] }}\n", context)).toBe(
    'cat /tmp/x/i_0_in /tmp/x/i_1_in > /tmp/x/o_out',
  );
});

it.each([
  ['{{ range(3) }}', '[0, 1, 2]'],
  ['{{ range(1, 7, 3) }}', '[1, 4]'],
  ['{{ range(3, 0, -1) }}', '[3, 2, 1]'],
  ['{{ range(5, 1) }}', '[]'],
])('%s: %s', (source, text) => expect(render(source)).toBe(text));

describe('what is wrong with a template is thrown', () => {
  it.each([
    '{{ range(1, 10, 0) }}',
    '{{ range(100000000) }}',
    '{{ x | nofilter }}',
    '{% if true %}',
    '{{ 1 +',
    '{{ absent() }}',
    '{% raw %}{% endraw %}',
  ])('%s', (source) => expect(() => render(source)).toThrow());
});

it('leaves names of prototypes alone', () => {
  const context = { param: JSON.parse('{"__proto__": "own"}') as Record<string, unknown> };
  expect(render("{{ param['__proto__'] }}{{ param['constructor'] }}", context)).toBe('own');
});
