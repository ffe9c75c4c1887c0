import { describe, expect, test } from 'vitest';
import guide from '../../../../docs/endpoints.md?raw';
import { compileParameters } from '../../../../src/core/parameters/parameters.rules';
import { CreateEndpointInput } from '../../../../src/core/publishing/endpoints/endpoint.schema';
import {
  ENDPOINT_PARAMETER_TYPES,
  type EndpointParameterType,
} from '../../../../src/core/parameters/parameter-type.rules';
import { ParameterInput } from '../../../../src/core/parameters/parameter.schema';

/** The rows of the table below a heading, as cells. */
function rowsBelow(heading: string): string[][] {
  const section = guide.slice(guide.indexOf(`${heading}\n`));
  const lines = section.slice(0, section.indexOf('\n\n', section.indexOf('\n| '))).split('\n');
  const rows = lines
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  return rows.slice(2);
}
const coded = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text!);
const namesOf = (rows: string[][]): string[] => rows.flatMap(([first]) => coded(first!)).toSorted();

test('every setting of an endpoint has a row, and no other', () => {
  expect(namesOf(rowsBelow('# Settings of an endpoint'))).toEqual(Object.keys(CreateEndpointInput.shape).toSorted());
});

test('every field of a parameter has a row with its default', () => {
  const rows = rowsBelow('## Parameters');
  expect(namesOf(rows)).toEqual(Object.keys(ParameterInput.shape).toSorted());
  const made = ParameterInput.parse({ name: 'x' }) as Record<string, unknown>;
  for (const [first, fallback] of rows) {
    if (['', 'none', 'generated'].includes(fallback!)) continue;
    const told = fallback === 'empty' ? '' : (coded(fallback!)[0] ?? (JSON.parse(fallback!) as unknown));
    for (const name of coded(first!)) expect([name, made[name]]).toEqual([name, told]);
  }
});

const types = rowsBelow('### Types').map(([type, json, text, refused, rules]) => ({
  type: coded(type!)[0] as EndpointParameterType,
  json: coded(json!).map((value) => JSON.parse(value) as unknown),
  text: coded(text!),
  refused: coded(refused!).map((value) => JSON.parse(value) as unknown),
  rules: coded(rules ?? ''),
}));

test('every type has a row', () => {
  expect(types.map(({ type }) => type)).toEqual([...ENDPOINT_PARAMETER_TYPES]);
});

const RULES = { min: 1, max: 9, minLength: 1, maxLength: 9, pattern: 'a+', values: ['a', 'b'] };

describe.each(types)('the type $type', ({ type, json, text, refused, rules }) => {
  const values = type === 'enum' ? { values: ['a', 'b'] } : {};
  const parameter = { ...ParameterInput.parse({ name: 'x', type, ...values }), id: 'p1' };
  const check = (x: unknown, fieldsAreText: boolean): string[] =>
    compileParameters([parameter], { pathNames: [], strict: false, longIntegers: false })({
      fields: { x },
      fieldsAreText,
      files: new Map(),
      query: () => new URLSearchParams(),
      named: () => new Map(),
      segments: () => [],
      header: () => null,
    }).issues.map(({ message }) => message);

  if (type !== 'file')
    test('takes and refuses what its row has', () => {
      for (const value of json) expect([value, check(value, false)]).toEqual([value, []]);
      for (const value of text) expect([value, check(value, true)]).toEqual([value, []]);
      for (const value of refused) expect([value, check(value, false).length]).toEqual([value, 1]);
    });

  test('has the rules that its row has, and no other', () => {
    const taken = Object.entries(RULES).filter(
      ([rule, value]) => ParameterInput.safeParse({ name: 'x', type, ...values, [rule]: value }).success,
    );
    expect(taken.map(([rule]) => rule)).toEqual(rules);
  });
});
