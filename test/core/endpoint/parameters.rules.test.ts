import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Parameter } from '../../../src/core/endpoint/parameter.schema';
import { coerce, patternFault } from '../../../src/core/endpoint/parameter-value.rules';
import {
  compileParameters,
  type CheckedParameters,
  type ParameterInput,
} from '../../../src/core/endpoint/parameters.rules';
import type { z } from 'zod';

type Declared = z.input<typeof Parameter>;

const declare = (...parameters: Declared[]): Parameter[] =>
  parameters.map((parameter, index) => ({ ...Parameter.parse(parameter), id: `p${index + 1}` }));

const input = (given: Partial<ParameterInput> & { headers?: Record<string, string> }): ParameterInput => ({
  fields: {},
  fieldsAreText: false,
  files: new Map(),
  query: new URLSearchParams(),
  segments: [],
  header: (name) => given.headers?.[name.toLowerCase()] ?? null,
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
    [{ type: 'text' }, null, REFUSED],
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
    [{ type: 'object' }, { a: 1 }, { a: 1 }],
    [{ type: 'object' }, '{"a":1}', { a: 1 }],
    [{ type: 'object' }, [1], REFUSED],
    [{ type: 'object' }, 'text', REFUSED],
    [{ type: 'array' }, [1, 'a', null], [1, 'a', null]],
    [{ type: 'array' }, 'a', ['a']],
    [{ type: 'array' }, '[1,2]', [1, 2]],
    [{ type: 'array' }, '[1,', REFUSED],
    [{ type: 'array' }, { 0: 1 }, REFUSED],
    [{ type: 'array', minLength: 2 }, [1], REFUSED],
    [{ type: 'array', maxLength: 1 }, [1, 2], REFUSED],
  ];
  test.each(rows)('%j takes %j', (declared, sent, wanted) => {
    const { values, offences } = checkJson(declared, sent);
    if (wanted === REFUSED) {
      expect(offences).toMatchObject([{ pointer: '#/body/p' }]);
      expect(values).not.toHaveProperty('p');
    } else {
      expect(offences).toEqual([]);
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
    const { values, offences } = checkForm(declared, sent);
    expect(offences.map(({ pointer }) => pointer)).toEqual(wanted === REFUSED ? ['#/body/p'] : []);
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
    const { values, offences } = check(input({ query, segments: ['7', 'x y'], headers: { 'x-lang': 'el' } }));
    expect(offences).toEqual([]);
    expect({ ...values }).toEqual({ first: 7, n: 1.5, tags: ['a', 'b'], 'X-Lang': 'el', second: 'x y' });
  });

  test('one JSON array in a query is a list, as it is in a form', () => {
    const { values } = check(input({ query: new URLSearchParams([['tags', '["a",1]']]) }));
    expect(values.tags).toEqual(['a', 1]);
  });

  test('an offence says where the value stood', () => {
    const query = new URLSearchParams('n=one');
    const { offences } = check(input({ query, segments: ['x'], headers: { 'x-lang': 'xx' } }));
    expect(offences.map(({ pointer }) => pointer).sort()).toEqual(['#/header/X-Lang', '#/path/first', '#/query/n']);
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
  const offencesOf = (files: [string, ReturnType<typeof file>[]][], fields: Record<string, unknown> = {}): string[] =>
    check(input({ files: new Map(files), fields, fieldsAreText: true })).offences.map(
      ({ pointer, code }) => `${pointer} ${code}`,
    );

  test('sizes are held to, each file of a repeated field', () => {
    expect(offencesOf([['doc', [file(3)]]])).toEqual([]);
    expect(offencesOf([['doc', [file(1), file(5)]]])).toEqual(['#/body/doc too_small', '#/body/doc too_big']);
  });
  test('a missing file, or text in its place, is an offence', () => {
    expect(offencesOf([])).toEqual(['#/body/doc required']);
    expect(offencesOf([], { doc: 'text' })).toEqual(['#/body/doc required']);
  });
  test('a file in the place of another type is an offence', () => {
    expect(
      offencesOf([
        ['doc', [file(3)]],
        ['note', [file(3)]],
      ]),
    ).toEqual(['#/body/note invalid_type']);
  });
  test('strict refuses files that are not declared', () => {
    expect(
      offencesOf([
        ['doc', [file(3)]],
        ['other', [file(3)]],
      ]),
    ).toEqual(['#/body/other unknown_field']);
  });
});

describe('required, default, undeclared', () => {
  test('a default is used for what is missing, required refuses it, neither leaves it out', () => {
    const check = compileParameters(
      declare({ name: 'a', default: 'x', required: true }, { name: 'b', required: true }, { name: 'c' }),
      false,
    );
    const { values, offences } = check(input({}));
    expect({ ...values }).toEqual({ a: 'x' });
    expect(offences).toEqual([{ pointer: '#/body/b', code: 'required', message: 'is required' }]);
  });

  test('undeclared fields are passed on as they are, or refused when strict, with escaped pointers', () => {
    const fields = { a: 1, 'b/c~d': { e: [] } };
    const parameters = declare({ name: 'a', type: 'integer' });
    expect({ ...compileParameters(parameters, false)(input({ fields })).values }).toEqual(fields);
    expect(compileParameters(parameters, true)(input({ fields })).offences).toMatchObject([
      { pointer: '#/body/b~1c~0d', code: 'unknown_field' },
    ]);
  });

  test('a flood of undeclared fields does not make a flood of offences', () => {
    const fields = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`f${n}`, '']));
    const { offences } = compileParameters([], true)(input({ fields }));
    expect(offences.length).toBeLessThanOrEqual(101);
    expect(offences.at(-1)!.message).toContain('49900');
  });

  test('__proto__ is a field like any other, and no prototype is touched', () => {
    const fields = JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"p":"x"}') as Record<string, unknown>;
    const { values } = compileParameters(declare({ name: 'p' }), false)(input({ fields }));
    expect(Object.keys(values).sort()).toEqual(['__proto__', 'constructor', 'p']);
    expect(values.polluted).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(compileParameters(declare({ name: 'p' }), true)(input({ fields })).offences).toHaveLength(2);
  });

  test('names of Object.prototype are not mistaken for values sent', () => {
    const declared = declare({ name: 'constructor', type: 'text', required: true });
    expect(compileParameters(declared, false)(input({})).offences).toMatchObject([{ code: 'required' }]);
  });

  test('every offence is listed at once, in the order declared', () => {
    const check = compileParameters(
      declare(
        { name: 'a', type: 'integer', required: true },
        { name: 'b', type: 'email' },
        { name: 'c', in: 'query', required: true },
        { name: 'd', in: 'header', type: 'integer' },
      ),
      true,
    );
    const { offences } = check(input({ fields: { b: 'x', z: 1 }, headers: { d: 'x' } }));
    expect(offences.map(({ pointer }) => pointer)).toEqual([
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
    expect(checkForm({ type }, deep).offences).toHaveLength(1);
  });
});

describe('patterns', () => {
  test.each(['(', '[a', '(?=a)b', '(a)\\1', 'a{2,1}', '(?<!a)b', '('.repeat(500)])(
    '%s is no RE2 pattern',
    (pattern) => {
      expect(patternFault(pattern)).toMatch(/RE2/);
    },
  );
  test.each(['a*', '^[A-Z]{2}[0-9]+$', '\\p{Greek}+', '(a|b)*c'])('%s is one', (pattern) => {
    expect(patternFault(pattern)).toBeNull();
  });
  test('a pattern that a backtracking engine would never finish is answered', () => {
    expect(checkJson({ type: 'text', pattern: '(a+)+b' }, 'a'.repeat(9_999)).offences).toHaveLength(1);
  });
  test('repetitions of repetitions that would fill the memory are refused', () => {
    expect(patternFault('(((a{100}){100}){100}){10}')).not.toBeNull();
  });
});

describe('properties', () => {
  test('what was sent as JSON of the declared type arrives unchanged', () => {
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

  test('any JSON value either becomes a value of the type or an offence, never both, and nothing throws', () => {
    const types = fc.constantFrom('text', 'email', 'url', 'uuid', 'integer', 'number', 'boolean', 'date', 'json');
    fc.assert(
      fc.property(types, fc.jsonValue(), (type, value) => {
        const { values, offences } = checkJson({ type: type as 'text' }, value);
        expect('p' in values).toBe(offences.length === 0);
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
