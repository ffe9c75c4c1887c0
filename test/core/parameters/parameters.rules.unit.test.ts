import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EndpointParameter, ParameterInput } from '../../../src/core/parameters/parameter.schema';
import { parseJson } from '../../../src/kernel/long-integers';
import { compileForm } from '../../../src/core/publishing/endpoints/form-fields.rules';
import { coerce, patternIssue } from '../../../src/core/parameters/parameter-value.rules';
import {
  compileParameters as compile,
  type CheckedParameters,
  type CheckParameters,
} from '../../../src/core/parameters/parameters.rules';
import type { SentInput } from '../../../src/core/parameters/sent';
import type { z } from 'zod';

type Declared = z.input<typeof ParameterInput>;

const declare = (...parameters: Declared[]): EndpointParameter[] =>
  parameters.map((parameter, index) => ({ ...ParameterInput.parse(parameter), id: `p${index + 1}` }));

const compileParameters = (parameters: EndpointParameter[], strict: boolean, longIntegers = false): CheckParameters => {
  const settle = compileForm(parameters);
  const check = compile(parameters, { pathNames: ['id'], strict, longIntegers });
  return (given) => {
    if (given.fieldsAreText) settle(given);
    return check(given);
  };
};

interface Given extends Partial<Pick<SentInput, 'fields' | 'fieldsAreText' | 'files'>> {
  query?: URLSearchParams | string;
  named?: Record<string, string>;
  segments?: string[];
  headers?: Record<string, string>;
}
const input = ({ query = '', named = {}, segments = [], headers = {}, ...given }: Given): SentInput => ({
  fields: {},
  fieldsAreText: false,
  files: new Map(),
  query: () => new URLSearchParams(query),
  named: () => new Map(Object.entries(named)),
  segments: () => segments,
  header: (name) => headers[name.toLowerCase()] ?? null,
  ...given,
});

/** Checks one value of a parameter `p` in a JSON body. */
const checkJson = (declared: Omit<Declared, 'name'>, value: unknown): CheckedParameters =>
  compileParameters(declare({ name: 'p', ...declared }), false)(input({ fields: { p: value } }));
/** The same as one text field of a form. */
const checkForm = (declared: Omit<Declared, 'name'>, value: string | string[]): CheckedParameters =>
  compileParameters(declare({ name: 'p', ...declared }), false)(input({ fields: { p: value }, fieldsAreText: true }));

const REFUSED = Symbol('refused');
type Row = [declared: Omit<Declared, 'name'>, sent: unknown, wanted: unknown];

describe('a JSON body', () => {
  const rows: Row[] = [
    [{ type: 'text' }, 'a', 'a'],
    [{ type: 'text' }, '', ''],
    [{ type: 'text' }, 1, REFUSED],
    [{ type: 'text' }, null, undefined],
    [{ type: 'integer', default: 7 }, null, 7],
    [{ type: 'array' }, null, undefined],
    [{ type: 'text', required: true }, null, REFUSED],
    [{ type: 'text', minLength: 2 }, 'a', REFUSED],
    [{ type: 'text', maxLength: 2 }, 'abc', REFUSED],
    [{ type: 'text', pattern: 'a+' }, 'aaa', 'aaa'],
    [{ type: 'text', pattern: 'a+' }, 'baaa', REFUSED],
    [{ type: 'text', pattern: 'a+' }, 'aaa\n', REFUSED],
    [{ type: 'longtext' }, 'a\nb', 'a\nb'],
    [{ type: 'email' }, 'a@b.co', 'a@b.co'],
    [{ type: 'email' }, 'a@b', REFUSED],
    [{ type: 'email' }, 'a@b.co\r\nbcc: c@d.co', REFUSED],
    [{ type: 'url' }, 'https://a.example/x?y#z', 'https://a.example/x?y#z'],
    [{ type: 'url' }, 'javascript:alert(1)', REFUSED],
    [{ type: 'url' }, 'ftp://a.example/', REFUSED],
    [{ type: 'uuid' }, '5f1c2f0e-9f5d-4c39-8b43-0c6d7d8c1234', '5f1c2f0e-9f5d-4c39-8b43-0c6d7d8c1234'],
    [{ type: 'uuid' }, '5f1c2f0e', REFUSED],
    [{ type: 'integer' }, 5, 5],
    [{ type: 'integer' }, '5', 5],
    [{ type: 'integer' }, '-0005', -5],
    [{ type: 'integer' }, 5.5, REFUSED],
    [{ type: 'integer' }, '5.0', REFUSED],
    [{ type: 'integer' }, '0x10', REFUSED],
    [{ type: 'integer' }, ' 5', REFUSED],
    [{ type: 'integer' }, true, REFUSED],
    [{ type: 'integer' }, 9_007_199_254_740_992, REFUSED],
    [{ type: 'integer' }, '9007199254740993', REFUSED],
    [{ type: 'integer', min: 1, max: 3 }, 3, 3],
    [{ type: 'integer', min: 1, max: 3 }, 4, REFUSED],
    [{ type: 'integer', min: 1, max: 3 }, 0, REFUSED],
    [{ type: 'number' }, 1.5, 1.5],
    [{ type: 'number' }, '-1.5e3', -1500],
    [{ type: 'number' }, '1e999', REFUSED],
    [{ type: 'number' }, 'NaN', REFUSED],
    [{ type: 'number' }, 'Infinity', REFUSED],
    [{ type: 'number' }, [], REFUSED],
    [{ type: 'boolean' }, true, true],
    [{ type: 'boolean' }, 'False', false],
    [{ type: 'boolean' }, 'on', true],
    [{ type: 'boolean' }, 'toString', REFUSED],
    [{ type: 'boolean' }, 1, REFUSED],
    [{ type: 'date' }, '2024-02-29', '2024-02-29'],
    [{ type: 'date' }, '2023-02-29', REFUSED],
    [{ type: 'date' }, '2024-2-9', REFUSED],
    [{ type: 'datetime' }, '2024-02-29T10:00:00Z', '2024-02-29T10:00:00Z'],
    [{ type: 'datetime' }, '2024-02-29T10:00:00+02:00', '2024-02-29T10:00:00+02:00'],
    [{ type: 'datetime' }, '2024-02-29T10:00', '2024-02-29T10:00'],
    [{ type: 'datetime' }, 'yesterday', REFUSED],
    [{ type: 'enum', values: ['a', 'b'] }, 'b', 'b'],
    [{ type: 'enum', values: ['a', 'b'] }, 'c', REFUSED],
    [{ type: 'enum', values: ['a', 'b'] }, 'constructor', REFUSED],
    [{ type: 'json' }, null, null],
    [{ type: 'json' }, { a: [1] }, { a: [1] }],
    [{ type: 'json' }, '5', '5'],
    [{ type: 'json' }, 'null', 'null'],
    [{ type: 'json' }, '{"a":1}', '{"a":1}'],
    [{ type: 'object' }, { a: 1 }, { a: 1 }],
    [{ type: 'object' }, '{"a":1}', { a: 1 }],
    [{ type: 'object' }, [1], REFUSED],
    [{ type: 'object' }, 'text', REFUSED],
    [{ type: 'array' }, [1, 'a', null], [1, 'a', null]],
    [{ type: 'array' }, 'a', ['a']],
    [{ type: 'array' }, '[1,2]', [1, 2]],
    [{ type: 'array' }, '[1,', ['[1,']],
    [{ type: 'array' }, '[draft] notes', ['[draft] notes']],
    [{ type: 'array' }, { 0: 1 }, REFUSED],
    [{ type: 'array', minLength: 2 }, [1], REFUSED],
    [{ type: 'array', maxLength: 1 }, [1, 2], REFUSED],
  ];
  test.each(rows)('%j takes %j', (declared, sent, wanted) => {
    const { values, issues } = checkJson(declared, sent);
    if (wanted === REFUSED) {
      expect(issues).toMatchObject([{ pointer: '#/body/p' }]);
      expect(values).not.toHaveProperty('p');
    } else {
      expect(issues).toEqual([]);
      expect(values.p).toEqual(wanted);
    }
  });
});

describe('a form', () => {
  const rows: [Omit<Declared, 'name'>, string | string[], unknown][] = [
    [{ type: 'integer' }, '7', 7],
    [{ type: 'integer' }, ['7', '8'], 7],
    [{ type: 'boolean' }, 'on', true],
    [{ type: 'array' }, 'a', ['a']],
    [{ type: 'array' }, ['a', 'b'], ['a', 'b']],
    [{ type: 'array' }, '["a",1]', ['a', 1]],
    [{ type: 'json' }, '{"a":[1]}', { a: [1] }],
    [{ type: 'json' }, 'not json', 'not json'],
    [{ type: 'text' }, '', ''],
    [{ type: 'integer', default: 5 }, '', 5],
    [{ type: 'integer' }, '', undefined],
    [{ type: 'email', required: true }, '', REFUSED],
  ];
  test.each(rows)('%j takes %j', (declared, sent, wanted) => {
    const { values, issues } = checkForm(declared, sent);
    expect(issues.map(({ pointer }) => pointer)).toEqual(wanted === REFUSED ? ['#/body/p'] : []);
    if (wanted !== REFUSED) expect(values.p).toEqual(wanted);
  });
});

describe('query, path and header', () => {
  const parameters = declare(
    { name: 'first', in: 'path', type: 'integer' },
    { name: 'n', in: 'query', type: 'number' },
    { name: 'tags', in: 'query', type: 'array' },
    { name: 'X-Lang', in: 'header', type: 'enum', values: ['en', 'el'] },
    { name: 'second', in: 'path' },
  );
  const check = compileParameters(parameters, true);

  test('each is taken from its own place, path segments in the order declared', () => {
    const query = new URLSearchParams('n=1.5&tags=a&tags=b');
    const { values, issues } = check(input({ query, segments: ['7', 'x y'], headers: { 'x-lang': 'el' } }));
    expect(issues).toEqual([]);
    expect({ ...values }).toEqual({ first: 7, n: 1.5, tags: ['a', 'b'], 'X-Lang': 'el', second: 'x y' });
  });

  test('a JSON array in a query is a list, as in a form', () => {
    const { values } = check(input({ query: new URLSearchParams([['tags', '["a",1]']]) }));
    expect(values.tags).toEqual(['a', 1]);
  });

  test('an issue points at the location of the value', () => {
    const query = new URLSearchParams('n=one');
    const { issues } = check(input({ query, segments: ['x'], headers: { 'x-lang': 'xx' } }));
    expect(issues.map(({ pointer }) => pointer).sort()).toEqual(['#/header/X-Lang', '#/path/first', '#/query/n']);
  });

  test.each(['query', 'path', 'header'] as const)('a body cannot feed a parameter of the %s', (place) => {
    const declared = declare({ name: 'role', in: place, type: 'enum', values: ['reader'] });
    const { values } = compileParameters(declared, false)(input({ fields: { role: 'owner' } }));
    expect(values).not.toHaveProperty('role');
  });
});

describe('files', () => {
  const file = (size: number) => ({ name: 'a.bin', type: 'image/png', bytes: new ArrayBuffer(size) });
  const check = compileParameters(
    declare({ name: 'doc', type: 'file', required: true, minLength: 2, maxLength: 4 }, { name: 'note' }),
    true,
  );
  const issuesOf = (files: [string, ReturnType<typeof file>[]][], fields: Record<string, unknown> = {}): string[] =>
    check(input({ files: new Map(files), fields, fieldsAreText: true })).issues.map(
      ({ pointer, code }) => `${pointer} ${code}`,
    );

  test('sizes are held to, each file of a repeated field', () => {
    expect(issuesOf([['doc', [file(3)]]])).toEqual([]);
    expect(issuesOf([['doc', [file(1), file(5)]]])).toEqual(['#/body/doc too_small', '#/body/doc too_big']);
  });
  test('a missing file, or text in its place, is an issue', () => {
    expect(issuesOf([])).toEqual(['#/body/doc required']);
    expect(issuesOf([], { doc: 'text' })).toEqual(['#/body/doc invalid_type']);
    expect(issuesOf([], { doc: '' })).toEqual(['#/body/doc required']);
  });
  test('a file in the place of another type is an issue', () => {
    expect(
      issuesOf([
        ['doc', [file(3)]],
        ['note', [file(3)]],
      ]),
    ).toEqual(['#/body/note invalid_type']);
  });
  test('strict refuses files that are not declared', () => {
    expect(
      issuesOf([
        ['doc', [file(3)]],
        ['other', [file(3)]],
      ]),
    ).toEqual(['#/body/other unknown_field']);
  });
});

describe('two names of one parameter', () => {
  const aliases = [{ name: 'old', handler: 'h1', version: 1 }];
  const bytes = (text: string) => new TextEncoder().encode(text).slice().buffer;
  const doc = (text: string) => [{ name: 'a', type: 'text/plain', bytes: bytes(text) }];
  /** The same values under `now` and `old`, equal and different, wherever they may be sent. */
  const rows: [string, Omit<Declared, 'name'>, equal: Given, different: Given][] = [
    ['JSON', {}, { fields: { now: 'x', old: 'x' } }, { fields: { now: 'x', old: 'y' } }],
    ['JSON objects', { type: 'object' }, { fields: { now: { a: 1, b: [2] }, old: { b: [2], a: 1 } } }, { fields: { now: { a: 1 }, old: { a: 2 } } }],
    ['JSON lists', { type: 'array' }, { fields: { now: [1, 2], old: '[1,2]' } }, { fields: { now: [1, 2], old: [2, 1] } }],
    ['a form', { type: 'boolean' }, { fields: { now: 'on', old: 'yes' }, fieldsAreText: true }, { fields: { now: 'on', old: 'off' }, fieldsAreText: true }],
    ['a list in a form', { type: 'array' }, { fields: { 'now[]': ['a', 'b'], old: ['a', 'b'] }, fieldsAreText: true }, { fields: { 'now[]': ['a'], old: ['a', 'b'] }, fieldsAreText: true }],
    ['the query', { in: 'query', type: 'integer' }, { query: 'now=5&old=05' }, { query: 'now=5&old=6' }],
    ['a list in the query', { in: 'query', type: 'array' }, { query: 'now=5&now=6&old[]=5&old[]=6' }, { query: 'now=5&old=6' }],
    ['headers', { in: 'header' }, { headers: { now: 'x', old: 'x' } }, { headers: { now: 'x', old: 'y' } }],
    ['files', { type: 'file' }, { files: new Map([['now', doc('x')], ['old', doc('x')]]) }, { files: new Map([['now', doc('x')], ['old', doc('y')]]) }],
    ['a file and a text', { type: 'file' }, { files: new Map([['now', doc('x')]]), fields: { old: '' }, fieldsAreText: true }, { files: new Map([['now', doc('x')]]), fields: { old: 'x' }, fieldsAreText: true }],
  ]; // oxfmt-ignore
  test.each(rows)(
    '%s: equal values pass, different ones are refused with both names',
    (_place, more, equal, different) => {
      const check = compileParameters(declare({ name: 'now', aliases, ...more }), true);
      const passed = check(input(equal));
      expect(passed.issues).toEqual([]);
      expect([...Object.keys(passed.values), ...passed.files.map(({ field }) => field)]).toEqual(['now']);
      const refused = check(input(different));
      expect(refused.issues).toMatchObject([{ pointer: `#/${more.in ?? 'body'}/now`, code: 'conflict' }]);
      expect(refused.issues[0]!.message).toMatch(/now.*old/);
      expect([Object.keys(refused.values), refused.files]).toEqual([[], []]);
    },
  );
});

describe('lists, item by item', () => {
  const parameters = declare(
    { name: 'tags', type: 'array' },
    { name: 'ids', in: 'query', type: 'array' },
    { name: 'docs', type: 'file' },
    { name: 'title' },
  );
  const check = compileParameters(parameters, true);
  const file = (name: string) => ({ name, type: '', bytes: new ArrayBuffer(1) });

  test.each<[Record<string, unknown>, unknown[]]>([
    [{ 'tags[]': ['x', 'y'] }, ['x', 'y']],
    [{ 'tags[]': 'x' }, ['x']],
    [{ 'tags[]': '[1,2]' }, ['[1,2]']],
    [{ 'tags[1]': 'y', 'tags[0]': 'x' }, ['x', 'y']],
    [{ 'tags[10]': 'c', 'tags[9]': 'b', 'tags[2]': 'a' }, ['a', 'b', 'c']],
    [{ 'tags[0]': 'x', 'tags[]': ['y', 'z'] }, ['x', 'y', 'z']],
    [{ 'tags[]': '' }, ['']],
  ])('the form %j', (fields, tags) => {
    const { values, issues } = check(input({ fields, fieldsAreText: true }));
    expect([values.tags, issues]).toEqual([tags, []]);
  });
  test.each([
    ['ids[]=1&ids[]=2', ['1', '2']],
    ['ids%5B%5D=1', ['1']],
    ['ids[1]=2&ids[0]=1', ['1', '2']],
  ])('the query %s', (query, ids) => expect(check(input({ query })).values.ids).toEqual(ids));
  test('files of one field are a list, in their order', () => {
    const files = new Map([['docs[]', [file('a'), file('b')]]]);
    const { files: read, issues } = check(input({ files, fieldsAreText: true }));
    expect([read.map(({ field, name }) => [field, name]), issues]).toEqual([
      [
        ['docs', 'a'],
        ['docs', 'b'],
      ],
      [],
    ]);
  });
  test('a plain list and a bracketed one of the same parameter must agree', () => {
    const both = (plain: string[]) =>
      check(input({ fields: { tags: plain, 'tags[]': ['x', 'y'] }, fieldsAreText: true }));
    expect(both(['x', 'y']).issues).toEqual([]);
    expect(both(['x']).issues).toMatchObject([
      { code: 'conflict', message: expect.stringContaining('tags[]') as string },
    ]);
  });
  test('a bracketed name without a list parameter is an ordinary name', () => {
    for (const name of ['title[]', 'tags[a]', 'tags[0][b]', 'other[]', '[]', 'ids[]'])
      expect(check(input({ fields: { [name]: 'x' }, fieldsAreText: true })).issues, name).toMatchObject([
        { code: 'unknown_field' },
      ]);
    expect(check(input({ fields: { 'tags[]': ['x'] } })).issues).toMatchObject([{ code: 'unknown_field' }]);
    const open = compileParameters(
      parameters,
      false,
    )(input({ fields: { 'other[]': 'x', 'tags[]': 'y' }, fieldsAreText: true }));
    expect({ ...open.values }).toEqual({ 'other[]': 'x', tags: ['y'] });
  });
  test('100,000 names in brackets are read in linear time', () => {
    const fields = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`tags[${n}]`, '']));
    expect((check(input({ fields, fieldsAreText: true })).values.tags as unknown[]).length).toBe(100_000);
  });
});

describe('a name on the wire that no handler could have', () => {
  const parameters = declare(
    { name: 'challenge', sentAs: 'hub.challenge', in: 'query' },
    { name: 'mode', sentAs: 'hub.mode' },
    { name: 'sig', sentAs: 'X-Hub.Signature', in: 'header' },
    { name: 'list', sentAs: 'items[]', type: 'array' },
  );
  test('feeds the parameter, and its own name does not', () => {
    const check = compileParameters(parameters, false);
    const fields = { 'hub.mode': 'subscribe', 'items[]': ['a', 'b'], challenge: 'no', mode: 'no' };
    const { values, issues } = check(
      input({
        query: 'hub.challenge=115&challenge=9',
        fields,
        fieldsAreText: true,
        headers: { 'x-hub.signature': 's' },
      }),
    );
    expect([{ ...values }, issues]).toEqual([{ challenge: '115', mode: 'subscribe', sig: 's', list: ['a', 'b'] }, []]);
  });
  test('is used in issues, and is the only name that strict accepts', () => {
    const check = compileParameters(
      declare({ name: 'mode', sentAs: 'hub.mode', type: 'integer', required: true }),
      true,
    );
    expect(check(input({ fields: { 'hub.mode': 'x' } })).issues).toMatchObject([{ pointer: '#/body/hub.mode' }]);
    expect(check(input({ fields: { mode: 1 } })).issues).toMatchObject([
      { pointer: '#/body/mode', code: 'unknown_field' },
      { pointer: '#/body/hub.mode', code: 'required' },
    ]);
  });
});

describe('integers that JavaScript cannot count', () => {
  const long = '9007199254740993';
  const json = (text: string) => parseJson(text) as Record<string, unknown>;
  test.each<[Omit<Declared, 'name'>, Given]>([
    [{ type: 'integer' }, { fields: json(`{"p":${long}}`) }],
    [{ type: 'number' }, { fields: json(`{"p":${long}}`) }],
    [{ type: 'integer' }, { fields: { p: `+000${long}` }, fieldsAreText: true }],
    [{ type: 'number', in: 'query' }, { query: `p=${long}` }],
    [{ type: 'integer', in: 'header' }, { headers: { p: long } }],
    [{ type: 'integer', in: 'path' }, { segments: [long] }],
  ])('%j arrives exactly where the language can, and is refused elsewhere', (declared, sent) => {
    const parameters = declare({ name: 'p', ...declared });
    const exact = compileParameters(parameters, true, true)(input(sent));
    expect([JSON.stringify(exact.values), exact.issues]).toEqual([`{"p":${long}}`, []]);
    const refused = compileParameters(parameters, true, false)(input(sent));
    expect(refused.issues).toMatchObject([{ code: 'too_big', message: expect.stringContaining('text') as string }]);
  });
  test('bounds are held to exactly', () => {
    const check = compileParameters(
      declare({ name: 'p', type: 'integer', min: 0, max: 9_007_199_254_740_991 }),
      true,
      true,
    );
    expect(check(input({ fields: json(`{"p":${long}}`) })).issues).toMatchObject([{ code: 'too_big' }]);
    expect(check(input({ fields: json(`{"p":-${long}}`) })).issues).toMatchObject([{ code: 'too_small' }]);
  });
  test.each<[Omit<Declared, 'name'>]>([[{ type: 'object' }], [{ type: 'json' }], [{ type: 'array' }]])(
    'inside of %j they keep their digits',
    (declared) => {
      const check = compileParameters(declare({ name: 'p', ...declared }), true);
      const value = declared.type === 'array' ? `[[${long}]]` : `{"a":[${long}]}`;
      for (const sent of [{ fields: json(`{"p":${value}}`) }, { fields: { p: value }, fieldsAreText: true }]) {
        expect(JSON.stringify(check(input(sent)).values)).toBe(`{"p":${value}}`);
      }
    },
  );
  test('undeclared fields keep their digits', () => {
    const { values } = compileParameters([], false)(input({ fields: json(`{"a":{"b":${long}}}`) }));
    expect(JSON.stringify(values)).toBe(`{"a":{"b":${long}}}`);
  });
});

describe('JSON in a part of its own', () => {
  const part = (text: string, type = 'application/json', name = 'blob') => ({
    name,
    type,
    bytes: new TextEncoder().encode(text).slice().buffer,
  });
  const check = compileParameters(
    declare(
      { name: 'meta', type: 'object' },
      { name: 'list', type: 'array' },
      { name: 'n', type: 'integer' },
      { name: 'doc', type: 'file' },
    ),
    true,
  );
  test('feeds what is not a file, and stays a file where one is wanted', () => {
    const files = new Map([
      ['meta', [part('{"a":1}')]],
      ['list', [part('[1,2]')]],
      ['n', [part('5', 'application/vnd.x+json; charset=utf-8')]],
      ['doc', [part('{}')]],
    ]);
    const { values, files: read, issues } = check(input({ files, fieldsAreText: true }));
    expect([{ ...values }, read.map(({ field }) => field), issues]).toEqual([
      { meta: { a: 1 }, list: [1, 2], n: 5 },
      ['doc'],
      [],
    ]);
  });
  test('of a wrong type is an issue like any value', () => {
    const files = new Map([['meta', [part('[1]')]]]);
    expect(check(input({ files, fieldsAreText: true })).issues).toMatchObject([{ message: 'must be an object' }]);
  });
  test('that is not text is a 400', () => {
    const files = new Map([
      ['meta', [{ name: 'blob', type: 'application/json', bytes: new Uint8Array([0xff]).buffer }]],
    ]);
    expect(() => check(input({ files, fieldsAreText: true }))).toThrow('The field meta is not UTF-8.');
  });
  test('with any other content type is a file', () => {
    const files = new Map([['meta', [part('{"a":1}', 'text/plain')]]]);
    expect(check(input({ files, fieldsAreText: true })).issues).toMatchObject([{ message: 'must not be a file' }]);
  });
});

test.each([
  ['optional', {}],
  ['required', { required: true }],
])('a value other than a file is refused for an %s parameter, in every body', (_name, more) => {
  const check = compileParameters(declare({ name: 'doc', type: 'file', ...more }), false);
  for (const given of [
    { fields: { doc: 'report.pdf' }, fieldsAreText: true },
    { fields: { 'doc[]': ['a.pdf', 'b.pdf'] }, fieldsAreText: true },
    { fields: { doc: 'JVBERi0=' } },
    { fields: { doc: { filename: 'a', base64: '' } } },
    { fields: { doc: '' } },
  ])
    expect(check(input(given)).issues, JSON.stringify(given)).toMatchObject([
      { message: expect.stringMatching(/^must be a file/) as string },
    ]);
});

test('a header that is closed feeds no parameter that was declared before it was', () => {
  const stored = declare({ name: 'x-name', in: 'header' }).map((parameter) => ({
    ...parameter,
    name: 'x-forwarded-for',
  }));
  expect({
    ...compileParameters(stored, false)(input({ headers: { 'x-forwarded-for': '192.0.2.7' } })).values,
  }).toEqual({});
});

describe('required, default, undeclared', () => {
  test('a default is used for what is missing, required refuses it, neither leaves it out', () => {
    const check = compileParameters(
      declare({ name: 'a', default: 'x', required: true }, { name: 'b', required: true }, { name: 'c' }),
      false,
    );
    const { values, issues } = check(input({}));
    expect({ ...values }).toEqual({ a: 'x' });
    expect(issues).toEqual([{ pointer: '#/body/b', code: 'required', message: 'is required' }]);
  });

  test('undeclared fields are passed on as they are, or refused when strict, with escaped pointers', () => {
    const fields = { a: 1, 'b/c~d': { e: [] } };
    const parameters = declare({ name: 'a', type: 'integer' });
    expect({ ...compileParameters(parameters, false)(input({ fields })).values }).toEqual(fields);
    expect(compileParameters(parameters, true)(input({ fields })).issues).toMatchObject([
      { pointer: '#/body/b~1c~0d', code: 'unknown_field' },
    ]);
  });

  test('a flood of undeclared fields does not make a flood of issues', () => {
    const fields = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`f${n}`, '']));
    const { issues } = compileParameters([], true)(input({ fields }));
    expect(issues.length).toBeLessThanOrEqual(101);
    expect(issues.at(-1)!.message).toContain('49900');
  });

  test('__proto__ is a field like any other, and no prototype is touched', () => {
    const fields = JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"p":"x"}') as Record<string, unknown>;
    const { values } = compileParameters(declare({ name: 'p' }), false)(input({ fields }));
    expect(Object.keys(values).sort()).toEqual(['__proto__', 'constructor', 'p']);
    expect(values.polluted).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(compileParameters(declare({ name: 'p' }), true)(input({ fields })).issues).toHaveLength(2);
  });

  test('names of Object.prototype are not mistaken for values sent', () => {
    const declared = declare({ name: 'constructor', type: 'text', required: true });
    expect(compileParameters(declared, false)(input({})).issues).toMatchObject([{ code: 'required' }]);
  });

  test('every issue is listed at once, in the order declared', () => {
    const check = compileParameters(
      declare(
        { name: 'a', type: 'integer', required: true },
        { name: 'b', type: 'email' },
        { name: 'c', in: 'query', required: true },
        { name: 'd', in: 'header', type: 'integer' },
      ),
      true,
    );
    const { issues } = check(input({ fields: { b: 'x', z: 1 }, headers: { d: 'x' } }));
    expect(issues.map(({ pointer }) => pointer)).toEqual([
      '#/body/z',
      '#/body/a',
      '#/body/b',
      '#/query/c',
      '#/header/d',
    ]);
  });
});

describe('text that holds JSON', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  test.each(['json', 'array', 'object'] as const)('a %s nested beyond the limit of bodies is refused', (type) => {
    expect(checkForm({ type }, deep).issues).toHaveLength(1);
  });
});

describe('patterns', () => {
  test.each(['(', '[a', '(?=a)b', '(a)\\1', 'a{2,1}', '(?<!a)b', '('.repeat(500)])(
    '%s is no RE2 pattern',
    (pattern) => {
      expect(patternIssue(pattern)).toMatch(/RE2/);
    },
  );
  test.each(['a*', '^[A-Z]{2}[0-9]+$', '\\p{Greek}+', '(a|b)*c'])('%s is one', (pattern) => {
    expect(patternIssue(pattern)).toBeNull();
  });
  test('a pattern that a backtracking engine would never finish is answered', () => {
    expect(checkJson({ type: 'text', pattern: '(a+)+b' }, 'a'.repeat(9_999)).issues).toHaveLength(1);
  });
  test('repetitions of repetitions that would fill the memory are refused', () => {
    expect(patternIssue('(((a{100}){100}){100}){10}')).not.toBeNull();
  });
});

describe('properties', () => {
  test('JSON of the declared type arrives unchanged', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string(), (i, n, s) => {
        expect(checkJson({ type: 'integer' }, i).values.p).toBe(i);
        expect(checkJson({ type: 'number' }, n).values.p).toBe(n);
        expect(checkJson({ type: 'longtext' }, s).values.p).toBe(s);
      }),
    );
  });

  test('an integer as text is the integer, whichever way it came', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (n) => {
        expect(checkForm({ type: 'integer' }, String(n)).values.p).toBe(n);
        const parameters = declare({ name: 'p', in: 'query', type: 'integer' });
        const query = new URLSearchParams({ p: String(n) });
        expect(compileParameters(parameters, false)(input({ query })).values.p).toBe(n);
      }),
    );
  });

  test('any JSON value either becomes a value of the type or an issue, never both, and nothing throws', () => {
    const types = fc.constantFrom('text', 'email', 'url', 'uuid', 'integer', 'number', 'boolean', 'date', 'json');
    fc.assert(
      fc.property(types, fc.jsonValue(), (type, value) => {
        const { values, issues } = checkJson({ type: type as 'text' }, value);
        // null is nothing sent, but for JSON.
        const isSent = value !== null || type === 'json';
        expect('p' in values).toBe(isSent && issues.length === 0);
      }),
      { numRuns: 500 },
    );
  });

  test('text that is not a number stays text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const value = coerce('number', text);
        expect(typeof value === 'number' ? Number(text) : value).toBe(value);
      }),
    );
  });
});

test('more files than a function takes arguments are read', () => {
  const list = Array.from({ length: 200_000 }, () => ({ name: 'a', type: '', bytes: new ArrayBuffer(0) }));
  for (const parameters of [[], declare({ name: 'doc', type: 'file' })]) {
    const { files, issues } = compileParameters(parameters, false)(input({ files: new Map([['doc', list]]) }));
    expect([files.length, issues]).toEqual([200_000, []]);
  }
});
