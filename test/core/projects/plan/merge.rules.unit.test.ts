import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { mergeDocuments } from '../../../../src/core/projects/plan/merge.rules';
import { decide } from '../../../../src/core/projects/plan/three-way.rules';

const value = fc.constantFrom(1, 2, 'a', null, undefined);
const side = fc
  .record({
    title: value,
    limits: fc.record({ a: value, b: value }),
    parameters: fc.uniqueArray(fc.record({ name: fc.constantFrom('x', 'y', 'z'), type: value }), {
      selector: ({ name }) => name,
    }),
  })
  .map((document) => JSON.parse(JSON.stringify(document)) as Record<string, unknown>);

const merged = (base: object, here: object, there: object): unknown => {
  const result = mergeDocuments(base as never, here as never, there as never);
  return 'merged' in result ? result.merged : result.conflicts;
};

describe('mergeDocuments', () => {
  test('takes the side that changed, whichever it is', () => {
    fc.assert(
      fc.property(side, side, (base, changed) => {
        expect(mergeDocuments(base, changed, base)).toMatchObject({ merged: changed });
        expect(mergeDocuments(base, changed, changed)).toMatchObject({ merged: changed });
        const result = mergeDocuments(base, base, changed);
        expect('merged' in result && byNames(result.merged)).toEqual(byNames(changed));
      }),
    );
  });

  test('never drops a change: a field has the value of a side that changed it, or is a conflict', () => {
    fc.assert(
      fc.property(side, side, side, (base, here, there) => {
        const result = mergeDocuments(base, here, there);
        const title = 'merged' in result ? result.merged.title : undefined;
        const isConflict = 'conflicts' in result && Object.hasOwn(result.conflicts, 'title');
        if (here.title !== base.title && there.title !== base.title && here.title !== there.title) expect(isConflict).toBe(true);
        else if ('merged' in result) expect(title).toBe(here.title === base.title ? there.title : here.title);
      }),
    );
  });

  test('merges parameters by name, in the order of the folder, and keeps a deletion', () => {
    const base = { parameters: [{ name: 'a' }, { name: 'b', type: 'text' }] };
    const here = { parameters: [{ name: 'c' }, { name: 'b', type: 'text' }] };
    const there = { parameters: [{ name: 'a' }, { name: 'b', type: 'integer' }, { name: 'd' }] };
    expect(merged(base, here, there)).toEqual({ parameters: [{ name: 'c' }, { name: 'b', type: 'integer' }, { name: 'd' }] });
    const edited = { parameters: [{ name: 'a', type: 'number' }, { name: 'b', type: 'text' }] };
    expect(merged(base, here, edited)).toMatchObject({ 'parameters.a': { here: null, there: { type: 'number' } } });
  });

  test('names the fields that both changed, with all three values', () => {
    expect(merged({ limits: { a: 1 } }, { limits: { a: 2 } }, { limits: { a: 3 } })).toEqual({
      'limits.a': { base: 1, here: 2, there: 3 },
    });
    expect(merged({ secrets: ['A'] }, { secrets: ['A', 'B'] }, {})).toMatchObject({ secrets: { there: null } });
  });
}); // oxfmt-ignore

const byNames = ({ parameters = [], ...rest }: Record<string, unknown>): object => ({
  ...rest,
  parameters: Object.fromEntries((parameters as { name: string }[]).map((one) => [one.name, one])),
});

/** Three states by letters, `-` for none: the base, the service, the folder. */
const TABLE: [string, string][] = [
  ['AAA', 'same'], ['AAB', 'change'], ['ABA', 'drift'], ['ABB', 'adopt'], ['ABC', 'merge'],
  ['--B', 'create'], ['-BB', 'adopt'], ['-BC', 'not_of_this_project'], ['AA-', 'remove'],
  ['AB-', 'removed_here_changed_there'], ['A-A', 'deleted'], ['A-B', 'deleted_there_changed_here'],
  ['A--', 'forget'], ['-B-', 'foreign'], ['---', 'foreign'],
]; // oxfmt-ignore

test.each(TABLE)('base, service and folder %s: %s', (states, expected) => {
  const [base, theirs, ours] = states as unknown as [string, string, string];
  const is = (one: string, other: string): boolean => one !== '-' && one === other;
  const decision = decide({
    base: base !== '-',
    theirs: theirs !== '-',
    ours: ours !== '-',
    baseIsTheirs: is(base, theirs),
    baseIsOurs: is(base, ours),
    oursIsTheirs: is(ours, theirs),
  });
  expect('reason' in decision ? decision.reason : decision.kind).toBe(expected);
});
