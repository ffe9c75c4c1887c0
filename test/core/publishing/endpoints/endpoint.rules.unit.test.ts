import fc from 'fast-check';
import { applyRules, DEFAULT_RULES } from '../../../../src/core/publishing/endpoints/apply-rules';
import { describe, expect, test } from 'vitest';
import { endpointIssues, testValueIssues, withIds } from '../../../../src/core/publishing/endpoints/endpoint.rules';
import { CreateEndpointInput } from '../../../../src/core/publishing/endpoints/endpoint.schema';
import { type EndpointParameter, ParameterInput } from '../../../../src/core/parameters/parameter.schema';

const parameter = (name: string, id?: string) => ParameterInput.parse({ name, ...(id === undefined ? {} : { id }) });
const stored = (name: string, id: string): EndpointParameter => ({ ...parameter(name, id), id });
const idsOf = (names: [string, string?][], before: EndpointParameter[] = []): string[] =>
  withIds(
    names.map(([name, id]) => parameter(name, id)),
    before,
  ).map(({ name, id }) => `${name} ${id}`);

describe('ids of parameters', () => {
  test('are made where they are missing, and stay with their name', () => {
    expect(idsOf([['a'], ['b', 'x'], ['c']])).toEqual(['a p1', 'b x', 'c p2']);
    expect(idsOf([['b'], ['c']], [stored('a', 'p1'), stored('b', 'p2')])).toEqual(['b p2', 'c p3']);
  });
  test('a rename by id keeps the id; the old name is a new parameter', () => {
    expect(idsOf([['new', 'p1'], ['old']], [stored('old', 'p1')])).toEqual(['new p1', 'old p2']);
  });
  test('are unique, whatever was before and whatever is given', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
    fc.assert(
      fc.property(
        names,
        names,
        fc.uniqueArray(fc.constantFrom('p1', 'p2', 'p3', 'x'), { maxLength: 2 }),
        (before, after, given) => {
          const earlier = withIds(
            before.map((name) => parameter(name)),
            [],
          );
          const made = withIds(
            after.map((name, index) => parameter(name, given[index])),
            earlier,
          );
          expect(new Set(made.map(({ id }) => id)).size).toBe(after.length);
        },
      ),
    );
  });
});

describe('a declaration that makes no sense is refused', () => {
  test.each<[string, object]>([
    ['a rule of another type', { name: 'a', type: 'boolean', min: 1 }],
    ['a pattern of a number', { name: 'a', type: 'integer', pattern: 'a' }],
    ['an enum without values', { name: 'a', type: 'enum' }],
    ['values of a text', { name: 'a', values: ['a'] }],
    ['a file in a query', { name: 'a', type: 'file', in: 'query' }],
    ['an object in a header', { name: 'a', type: 'object', in: 'header' }],
    ['a header that carries credentials', { name: 'Authorization', in: 'header' }],
    ['a header that carries credentials, under another name', { name: 'token', sentAs: 'Authorization', in: 'header' }],
    ['a header with a space in its name', { name: 'a', sentAs: 'a:b', in: 'header' }],
    ['a name for a segment of the path', { name: 'a', sentAs: 'b', in: 'path' }],
    ['a name with a space', { name: 'a', sentAs: 'a b' }],
    ['an empty name', { name: 'a', sentAs: '' }],
    ['the name __proto__', { name: 'a', sentAs: '__proto__' }],
    ['the header of keys', { name: 'X-Api-Key', in: 'header' }],
    ['__proto__', { name: '__proto__' }],
    ['a name with a space', { name: 'a b' }],
    ['a name that starts with a digit', { name: '1a' }],
    ['no name', { name: '' }],
    ['an unknown type', { name: 'a', type: 'money' }],
    ['an unknown field', { name: 'a', secret: true }],
  ])('%s', (_name, declared) => {
    expect(ParameterInput.safeParse(declared).success).toBe(false);
  });
  test('a sound declaration is accepted, with defaults', () => {
    expect(ParameterInput.parse({ name: 'a-b_1' })).toEqual({
      name: 'a-b_1',
      in: 'body',
      type: 'text',
      required: false,
      default: null,
      test: null,
      sensitive: false,
      description: '',
    });
  });
});

describe('a default is a value that its own parameter takes, as it is', () => {
  const issuesOf = (declared: object): string[] => {
    const input = CreateEndpointInput.parse({
      handler: { path: 'a.js' },
      parameters: [{ name: 'a' }, { name: 'b', ...declared }],
    });
    return endpointIssues(applyRules(DEFAULT_RULES, input), input.access.level, 'a').map(
      ({ pointer, code }) => `${pointer} ${code}`,
    );
  };

  test.each<[string, object, string?]>([
    ['text of an integer', { type: 'integer', default: '5' }],
    ['a fraction', { type: 'integer', default: 5.5 }],
    ['a number out of its range', { type: 'number', min: 1, max: 2, default: 3 }],
    ['no boolean', { type: 'boolean', default: 'yes' }],
    ['no value of the enum', { type: 'enum', values: ['a', 'b'], default: 'c' }],
    ['text that is too long', { maxLength: 2, default: 'abc' }],
    ['text that the pattern refuses', { pattern: '[a-z]+', default: 'A1' }],
    ['a number as text', { default: 1 }],
    ['no date', { type: 'date', default: '2026-13-01' }],
    ['no address', { type: 'email', default: 'nobody' }],
    ['a list that is too short', { type: 'array', minLength: 2, default: [1] }],
    ['an object that is a list', { type: 'object', default: [] }],
    ['anything for a file', { type: 'file', default: 'a.txt' }],
  ])('%s is refused', (_name, declared) => {
    expect(issuesOf(declared)).toEqual(['#/parameters/1/default invalid_default']);
  });

  test('a pattern that cannot be read is the one issue', () => {
    expect(issuesOf({ pattern: '(', default: 'x' })).toEqual(['#/parameters/1/pattern invalid_pattern']);
  });

  test.each<[string, object]>([
    ['none', { type: 'integer', default: null }],
    ['an integer', { type: 'integer', min: 5, default: 5 }],
    ['false', { type: 'boolean', default: false }],
    ['a value of the enum', { type: 'enum', values: ['a'], default: 'a' }],
    ['text that fits', { pattern: '[a-z]+', maxLength: 3, default: 'abc' }],
    ['empty text', { default: '' }],
    ['any JSON', { type: 'json', default: [{ a: null }] }],
    ['a list', { type: 'array', in: 'query', default: ['a'] }],
  ])('%s is taken', (_name, declared) => {
    expect(issuesOf(declared)).toEqual([]);
  });
});

describe('a test value is one that a test run can send', () => {
  const issuesOf = (declared: object): string[] => {
    const { parameters } = CreateEndpointInput.parse({
      handler: { path: 'a.js' },
      parameters: [{ name: 'a' }, { name: 'b', ...declared }],
    });
    return testValueIssues(withIds(parameters, [])).map(({ pointer, code }) => `${pointer} ${code}`);
  };

  test.each<[string, object]>([
    ['a fraction', { type: 'integer', test: 5.5 }],
    ['a number out of its range', { type: 'number', min: 1, max: 2, test: 3 }],
    ['no value of the enum', { type: 'enum', values: ['a', 'b'], test: 'c' }],
    ['text that is too long', { maxLength: 2, test: 'abc' }],
    ['text that the pattern refuses', { pattern: '[a-z]+', test: 'A1' }],
    ['no address', { type: 'email', test: 'nobody' }],
    ['a list that is too short', { type: 'array', minLength: 2, test: [1] }],
    ['no number in a query', { type: 'number', in: 'query', test: 'x' }],
    ['a text for a file', { type: 'file', test: 'a.txt' }],
    ['a file that is too large', { type: 'file', maxLength: 2, test: { text: 'abc' } }],
    ['a file that is too small', { type: 'file', minLength: 2, test: [{ text: 'ab' }, { base64: '' }] }],
  ])('%s is refused', (_name, declared) => {
    expect(issuesOf(declared)).toEqual(['#/parameters/1/test invalid_test']);
  });

  test.each<[string, object]>([
    ['none', { type: 'integer', test: null }],
    ['an integer', { type: 'integer', min: 5, test: 5 }],
    ['text that reads as the type', { type: 'integer', test: '5' }],
    ['a number in a query', { type: 'number', in: 'query', test: 5 }],
    ['a number as text in a path', { type: 'text', in: 'path', test: 5 }],
    ['a list in a query', { type: 'array', in: 'query', test: [1, 2] }],
    ['JSON', { type: 'json', test: [{ a: null }] }],
    ['an object', { type: 'object', test: { a: 1 } }],
    ['a file', { type: 'file', maxLength: 3, test: { filename: 'a', text: 'abc' } }],
    ['what a pattern that cannot be read may mean', { pattern: '(', test: 'x' }],
  ])('%s is taken', (_name, declared) => {
    expect(issuesOf(declared)).toEqual([]);
  });
});
