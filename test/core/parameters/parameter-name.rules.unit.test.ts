import { describe, expect, test } from 'vitest';
import {
  acceptedNames,
  findRenames,
  MAX_ALIASES,
  nameFor,
  withAliases,
} from '../../../src/core/parameters/parameter-name.rules';
import { type EndpointParameter, ParameterInput } from '../../../src/core/parameters/parameter.schema';
import { compileParameters } from '../../../src/core/parameters/parameters.rules';

const parameter = (name: string, more: object = {}) =>
  ParameterInput.parse({ id: 'p1', name, ...more }) as EndpointParameter & { id: string };
const TWICE = parameter('c', {
  aliases: [
    { name: 'a', handler: 'h1', version: 2 },
    { name: 'b', handler: 'h1', version: 4 },
  ],
});

test.each([
  ['h1', 1, 'a'],
  ['h1', 2, 'a'],
  ['h1', 3, 'b'],
  ['h1', 4, 'b'],
  ['h1', 5, 'c'],
  ['h2', 1, 'c'],
] as const)('handler %s version %i knows it as %s', (handler, version, name) => {
  expect(nameFor(TWICE, handler, version)).toBe(name);
});

test('callers may send every name, but for those that are now another parameter’s', () => {
  expect(acceptedNames(TWICE, [TWICE])).toEqual(['c', 'a', 'b']);
  expect(acceptedNames(TWICE, [TWICE, parameter('a', { id: 'p2' })])).toEqual(['c', 'b']);
});

describe('a write', () => {
  const latest = { id: 'h1', latest: 3 };
  test('finds renames by id', () => {
    expect(findRenames([parameter('a')], [parameter('b')])).toEqual([{ id: 'p1', from: 'a', to: 'b' }]);
    expect(findRenames([parameter('a')], [parameter('a'), parameter('b', { id: 'p2' })])).toEqual([]);
  });
  test('keeps aliases, adds the old name, and forgets them when told', () => {
    expect(withAliases([parameter('d')], [TWICE], latest)[0]!.aliases).toEqual([
      ...TWICE.aliases!,
      { name: 'c', handler: 'h1', version: 3 },
    ]);
    expect(withAliases([parameter('c')], [TWICE], latest)[0]!.aliases).toEqual(TWICE.aliases);
    expect(withAliases([parameter('c', { aliases: [] })], [TWICE], latest)[0]).not.toHaveProperty('aliases');
  });
  test('forgets the oldest of too many', () => {
    let now = parameter('n0');
    for (let n = 1; n <= MAX_ALIASES + 2; n++)
      now = withAliases([parameter(`n${n}`)], [now], { id: 'h1', latest: n })[0]!;
    expect(now.aliases!.map(({ name }) => name)).toEqual(Array.from({ length: MAX_ALIASES }, (_, n) => `n${n + 2}`));
  });
});

describe('reading a call', () => {
  const check = compileParameters([{ ...TWICE, type: 'integer', required: true }], {
    pathNames: [],
    strict: true,
    longIntegers: false,
  });
  const read = (fields: Record<string, unknown>) =>
    check({
      fields,
      fieldsAreText: false,
      files: new Map(),
      query: () => new URLSearchParams(),
      named: () => new Map(),
      segments: () => [],
      header: () => null,
    });
  test.each(['a', 'b', 'c'])('%s feeds it', (name) =>
    expect(read({ [name]: 5 })).toMatchObject({ values: { c: 5 }, issues: [] }),
  );
  test('several with one value, whatever way it is written, are one', () => {
    expect(read({ a: 2, c: 2 })).toMatchObject({ values: { c: 2 }, issues: [] });
    expect(read({ a: '2', b: 2, c: null })).toMatchObject({ values: { c: 2 }, issues: [] });
  });
  test.each([
    [{ a: 1, c: 2 }, 'c', 'a'],
    [{ a: 1, b: 2 }, 'a', 'b'],
    [{ a: 1, b: 'x' }, 'a', 'b'],
  ])('%j is refused: %s and %s differ', (fields, one, other) => {
    const { values, issues } = read(fields);
    expect([values, issues]).toEqual([
      {},
      [
        {
          pointer: '#/body/c',
          code: 'conflict',
          message: expect.stringContaining(`as ${one} and as ${other}`) as string,
        },
      ],
    ]);
  });
  test('issues name it as it is now', () => expect(read({ a: 'x' }).issues).toMatchObject([{ pointer: '#/body/c' }]));
});
