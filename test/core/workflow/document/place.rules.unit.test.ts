import { expect, test } from 'vitest';
import { placeIssues } from '../../../../src/core/workflow/document/place.rules';
import { renameAllInSource, renameAllInValues } from '../../../../src/core/workflow/rename/rename-all.rules';

const issue = (pointer: string) => ({ pointer, code: 'bad_expression' as const, message: 'm' });

test('issues get the line and column of what they point to', () => {
  const source = '{\n  "steps": [\n    { "a/b": 1 }\n  ]\n}';
  expect(placeIssues(source, [issue('/steps'), issue('/steps/0/a~1b'), issue('/steps/3/x'), issue('')])).toEqual([
    { pointer: '#/source/steps', code: 'bad_expression', message: 'm', line: 2, column: 12 },
    { pointer: '#/source/steps/0/a~1b', code: 'bad_expression', message: 'm', line: 3, column: 14 },
    { pointer: '#/source/steps/3/x', code: 'bad_expression', message: 'm' },
    { pointer: '#/source', code: 'bad_expression', message: 'm', line: 1, column: 1 },
  ]);
});

test('an issue of text that is not JSON points at the whole', () =>
  expect(placeIssues('{"a', [issue('')])).toEqual([{ pointer: '#/source', code: 'bad_expression', message: 'm' }]));

test('names are changed all at once', () => {
  const source = JSON.stringify({
    kind: 'workflow',
    steps: [{ id: 's', do: 'set', name: 'x', value: { $: 'params.a + params.b + params.c' } }],
  });
  const swap = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ];
  expect(renameAllInSource(source, swap)).toContain('params.b + params.a + params.c');
  expect(renameAllInSource(source, [{ from: 'c', to: 'd' }])).toContain('params.a + params.b + params.d');
  expect(renameAllInValues({ v: { $: 'params.a' } }, swap)).toEqual({ v: { $: 'params.b' } });
});
