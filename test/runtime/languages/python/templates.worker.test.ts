import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import javascript from '../../../../dist/harness/javascript-operation.txt?raw';
import shell from '../../../../dist/harness/shell.txt?raw';
import { createOperations } from '../../../../src/runtime/operations/operations';
import recorded from '../../../fixtures/templates/jinja2.json?raw';
import { readAsset } from './isolate';

const operations = createOperations(env, { shell, javascript });
const FOLDER = '/tmp/all';
const utf8 = (text: string) => Uint8Array.from(new TextEncoder().encode(text)).buffer;

/** Runs `each`, an expression about `row`, for every row of this JSON, in one interpreter that has the renderer. */
async function forEach(rows: string, each: string): Promise<unknown[]> {
  const script = `import sys
sys.path.insert(0, "templates.zip")
import copy, json
import portico_templates
def attempt(render):
    try:
        return {"text": render()}
    except Exception as error:
        return {"error": type(error).__name__, "told": portico_templates.explain(error)}
rows = json.load(open("rows.json", encoding="utf-8"))
answers = [${each} for row in rows]
with open("answers.json", "w", encoding="utf-8") as file:
    json.dump(answers, file)
`;
  const files = [
    { path: `${FOLDER}/templates.zip`, types: [], bytes: await readAsset('templates.zip') },
    { path: `${FOLDER}/rows.json`, types: [], bytes: utf8(rows) },
  ];
  const outputs = [{ name: 'answers', path: `${FOLDER}/answers.json`, type: 'file' }];
  const outcome = await operations.python({ script, folder: FOLDER, outputs }, files, 60_000);
  expect(new TextDecoder().decode(outcome.logs.get('stderr'))).toBe('');
  return JSON.parse(new TextDecoder().decode(outcome.outputs.get('answers'))) as unknown[];
}

const render = (rows: { source: string; context: object }[]) =>
  forEach(JSON.stringify(rows), 'attempt(lambda: portico_templates.render(row["source"], row["context"]))');

const { cases } = JSON.parse(recorded) as { cases: { source: string; text?: string; error?: string }[] };

it(`${cases.length} templates come out as from jinja2 3.1`, async () => {
  // The text as it is: JavaScript has no number 9007199254740993.
  const rows = `[${recorded}]`;
  const each = `[attempt(lambda: portico_templates.render(one["source"], copy.deepcopy(row["context"]))) for one in row["cases"]]`;
  const [answers] = (await forEach(rows, each)) as { text?: string; error?: string }[][];
  const differing = cases.flatMap((one, at) => {
    const { text, error } = answers![at]!;
    return text === one.text && error === one.error ? [] : [{ ...one, got: answers![at] }];
  });
  expect(differing).toEqual([]);
});

it('endless work is refused with an explanation', async () => {
  const doubling = Array.from(
    { length: 40 },
    (_, at) => `{% macro m${at + 1}() %}{{ m${at}() }}{{ m${at}() }}{% endmacro %}`,
  );
  const rows: [source: string, told: string][] = [
    ['{% for i in range(10**9) %}{% endfor %}', 'range() of more than 1000000 numbers'],
    ['{{ range(10**20) }}', 'range() of more than 1000000 numbers'],
    ['{% for i in range(-(10**20), 10**20, 10**19) %}{% endfor %}', 'range() of more than 1000000 numbers'],
    [
      '{% for i in range(1000) %}{% for j in range(1000) %}{% for k in range(9) %}{% endfor %}{% endfor %}{% endfor %}',
      'steps',
    ],
    [`{% macro m0() %}{% endmacro %}${doubling.join('')}{{ m40() }}`, 'steps'],
    ["{{ range(1000000)|map('string')|join|length }}", 'steps'],
    ['{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}', 'calls nested more than 64 deep'],
    ["{{ 'a' * 10**9 }}", 'a repetition of more than'],
    ['{{ 10**9 * [0] }}', 'a repetition of more than'],
    ['{{ 10**(10**8) }}', 'a number of more than'],
    ["{% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}", 'the text has more than'],
  ];
  // Fewer than users have, which take CPython ten seconds here.
  const answers = await forEach(
    JSON.stringify(rows.map(([source]) => ({ source }))),
    '(setattr(portico_templates, "MAX_STEPS", 100_000), attempt(lambda: portico_templates.render(row["source"], {})))[1]',
  );
  expect(answers).toEqual(
    rows.map(([, told]) => ({ error: 'TooMuch', told: expect.stringContaining(told) as unknown })),
  );
});

it('quote makes one word of a shell script of whatever comes', async () => {
  const context = { param: { q: "zzz' /dev/null; cat i_0_in #", list: ['a b', "c'd", 7], n: 3, none: '' } };
  const rows: [string, object][] = [
    ['{{ param.q|quote }}', { text: `'zzz'"'"' /dev/null; cat i_0_in #'` }],
    ['{{ param.list|quote }} {{ param.n|quote }} {{ param.none|quote }}', { text: `'a b' 'c'"'"'d' 7 3 ''` }],
    ["{% filter quote %}a'b{% endfilter %}", { text: `'a'"'"'b'` }],
    ['x\n{{ param.nope|quote }}', { error: 'UndefinedError', told: expect.stringContaining('(line 2)') }],
    ['a\n{% if %}', { told: "TemplateSyntaxError: Expected an expression, got 'end of statement block' (line 2)" }],
    ['{{ x|nofilter }}', { told: "TemplateAssertionError: No filter named 'nofilter'. (line 1)" }],
  ];
  const answers = await render(rows.map(([source]) => ({ source, context })));
  expect(answers).toEqual(rows.map(([, answer]) => expect.objectContaining(answer) as unknown));
});

it('finds where the text of a parameter reaches a script unquoted', async () => {
  const q = (why: string, line = 1) => [[line, 'q', why]];
  const rows: [string, unknown[]][] = [
    ['{{ param.q }}', q('unquoted')],
    ["a\n'{{ param['q'] }}'", q('unquoted', 2)],
    ["{{ param['q']|quote }} {{ param.q|upper|quote }} {{ param.q|default('x')|quote }}", []],
    ["{{ (param.q|quote) ~ 'x' }} {{ param.q|length }} {{ param.q|int }}", []],
    ["'{{ param.q|quote }}'", q('nested')],
    ['grep \'^\'{{ param.q|quote }} "a b" "{{ param.q|quote }}"', q('nested')],
    ["# it's\ngrep {{ param.q|quote }} a\\'b", []],
    ['{{ param.q|upper }}', q('unquoted')],
    ["{{ param.get('q') }}", q('unquoted')],
    ["{{ param.n }} {{ param.get('n') }} {{ input.q }}", []],
    ['{{ param }} {{ param[key] }} {{ param.values()|join }}', q('unquoted')],
    ["{% if param.q == 'a' %}b{% endif %}{{ 'a' if param.q else 'b' }}{{ param.q is defined }}", []],
    ['{% set x = param.q %}{{ x }}', q('unquoted')],
    ['{% set x = param.q|quote %}{{ x }}', []],
    ['{% set x %}{{ param.q }}{% endset %}{{ x|quote }}', []],
    ['{% set ns = namespace() %}{% set ns.v = param.q %}{{ ns.v }}', q('unquoted')],
    ['{% for i in [1, 2] %}{{ y }}{% set y = param.q %}{% endfor %}', q('unquoted')],
    ['{% for w in param.q.split() %}{{ w }}{% endfor %}', q('unquoted')],
    ['{% for w in param.q.split() %}{{ w|quote }}{% endfor %}', []],
    ['{% with z = param.q %}{{ z }}{% endwith %}', q('unquoted')],
    ['{% filter quote %}{{ param.q }}{% endfilter %}', []],
    ['{% filter upper %}{{ param.q }}{% endfilter %}', q('unquoted')],
    ['{% macro m(a) %}{{ a }}{% endmacro %}{{ m(param.q) }}', q('unquoted')],
    ["{{ 'x'|replace('x', param.q) }}", q('unquoted')],
    ['{% raw %}{{ param.q }}{% endraw %}', []],
  ];
  const each = 'portico_templates.look_through(row, ["q"])';
  const answers = await forEach(JSON.stringify(rows.map(([source]) => source)), each);
  expect(rows.map(([source], at) => [source, answers[at]])).toEqual(rows);
});

describe('a template in an isolate of its own', () => {
  it('is rendered, with every character', async () => {
    const context = { param: { t: 'é中😀\u0000\r\n', yes: true } };
    const source = "{% if param.yes %}\ufeff{{ param.t }}{{ [param.t] }}{% endif %}\r\n'{{ param.nope }}'\n";
    expect(await operations.render({ source, context })).toBe("\ufeffé中😀\u0000\r\n['é中😀\\x00\\r\\n']\n''");
  });
  it('is refused with the error of the template and its line', async () => {
    const source = 'a\n\n{{ outpt.b }}';
    const message = "UndefinedError: 'outpt' is undefined (line 3)";
    await expect(operations.render({ source, context: {} })).rejects.toThrow(message);
  });
  it('a template that ends the interpreter is an error', async () => {
    const deep = `{{ ${'('.repeat(20_000)}1${')'.repeat(20_000)} }}`;
    await expect(operations.render({ source: deep, context: {} })).rejects.toThrow();
  });
  it('is analyzed, with others', async () => {
    const published = ['a', 'b'];
    const sources = ['\n{{ param.a }}{{ param.b|quote }}', 'a\n{% if', "{{ param['b'] }}"];
    expect(await operations.findUnquoted(sources.map((source) => ({ source, published })))).toEqual([
      [{ line: 2, parameter: 'a', why: 'unquoted' }],
      expect.stringMatching(/^TemplateSyntaxError: .* \(line 2\)$/),
      [{ line: 1, parameter: 'b', why: 'unquoted' }],
    ]);
  });
});
