import { expect, test } from 'vitest';
import { ACTIONS } from '../../../../src/core/workflow/actions/action-list';

// One file of cases for each action; one test file for all of them, since each test file costs a start of workerd.
const files = import.meta.glob('./*.cases.ts', { eager: true });

test('every action has its cases', () => {
  const tested = Object.keys(files).map((path) => path.replace('./', '').replace('.cases.ts', ''));
  expect(tested.toSorted()).toEqual(ACTIONS.map(({ name }) => name.replace('.', '-')).toSorted());
});
