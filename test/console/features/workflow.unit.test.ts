import { describe, expect, test } from 'vitest';
import { actionsOf, newStep, type WorkflowSchema } from '../../../console/src/features/workflow/action-info.rules.ts';
import { bindingsOf, shownValue } from '../../../console/src/features/workflow/bindings.rules.ts';
import { fromText, modeOf, toText } from '../../../console/src/features/workflow/value-mode.rules.ts';
import {
  freeId,
  insertStep,
  moveStep,
  printDocument,
  readDocument,
  removeStep,
  rowsOf,
  summaryOf,
  type WorkflowDocument,
} from '../../../console/src/features/workflow/step-tree.rules.ts';
import { checkWorkflow } from '../../../src/core/workflow/check/check.rules.ts';
import { ACTIONS } from '../../../src/core/workflow/actions/action-list.ts';
import { workflowJsonSchema } from '../../../src/core/workflow/document/workflow.schema.ts';

const actions = actionsOf(workflowJsonSchema() as WorkflowSchema);
const document: WorkflowDocument = {
  kind: 'workflow',
  steps: [
    { id: 'total', do: 'set', name: 'total', value: { $: 'params.quantity * 12' } },
    { id: 'refuse', do: 'if', when: { $: 'vars.total > 100' }, then: [{ id: 'tooMuch', do: 'throw', message: 'no' }] },
    { id: 'pick', do: 'switch', cases: [{ when: true, steps: [] }], default: [] },
    { id: 'answer', do: 'respond', body: 1 },
  ],
};
const ids = (of: WorkflowDocument): string[] =>
  rowsOf(of).map((row) => (row.kind === 'step' ? `${row.number} ${row.step.id}` : `${row.level} ${row.label}`));

describe('the actions of the editor', () => {
  test('are those of the service, with every field that has steps', () => {
    expect(actions.map(({ name }) => name)).toEqual(ACTIONS.map(({ name }) => name));
    const blocks = actions.flatMap(({ name, fields }) =>
      fields.filter(({ kind }) => kind === 'steps' || kind === 'cases').map((field) => `${name} ${field.name}`),
    );
    expect(blocks).toEqual([
      'if then', 'if else', 'switch cases', 'switch default', 'each steps', 'while steps', 'try steps', 'try catch',
    ]); // oxfmt-ignore
  });

  test('make steps that the service can read, and that lack values at most', () => {
    for (const action of actions) {
      const { errors } = checkWorkflow(JSON.stringify({ kind: 'workflow', steps: [newStep(action, 'new')] }));
      expect([
        action.name,
        errors.filter(({ pointer }) => pointer === '/steps/0' || pointer === '/steps/0/do'),
      ]).toEqual([action.name, []]);
    }
  });
});

describe('the steps of a document', () => {
  test('are lines, with the heads of their blocks', () => {
    expect(ids(document)).toEqual([
      '1 total', '2 refuse', '1 then', '2.1 tooMuch', '3 pick', '1 case 1', '1 default', '4 answer',
    ]); // oxfmt-ignore
    expect(rowsOf(document).map(({ pointer }) => pointer)).toContain('/steps/1/then/0');
    expect(summaryOf(document.steps[0]!)).toBe('total = params.quantity * 12');
  });

  test('are added and removed, and the document before stays as it was', () => {
    const before = printDocument(document);
    const added = insertStep(document, '/steps/1/then', 1, { id: freeId(document, 'log'), do: 'log' });
    expect(ids(added)).toContain('2.2 log');
    expect(ids(removeStep(added, '/steps/1/then/1'))).toEqual(ids(document));
    expect(freeId(added, 'log')).toBe('log2');
    expect(printDocument(document)).toBe(before);
  });

  test.each([
    ['/steps/1', 'up', '/steps/0'],
    ['/steps/0', 'up', null],
    ['/steps/3', 'down', null],
    ['/steps/2', 'in', '/steps/1/then/1'],
    ['/steps/3', 'in', '/steps/2/default/0'],
    ['/steps/1', 'in', null],
    ['/steps/1/then/0', 'out', '/steps/2'],
    ['/steps/1', 'out', null],
  ] as const)('%s moved %s is at %s, and nothing is lost', (pointer, move, wanted) => {
    const moved = moveStep(document, pointer, move);
    expect(moved?.pointer ?? null).toBe(wanted);
    const names = (of: WorkflowDocument): string[] =>
      rowsOf(of).flatMap((row) => (row.kind === 'step' ? [row.step.id] : []));
    if (moved) expect(names(moved.document).toSorted()).toEqual(names(document).toSorted());
  });

  test.each(['', '{', '[]', 'null', '{"steps":1}', '{"steps":[1]}', '{"steps":[{"ms":9007199254740993}]}'])(
    '%j is no document',
    (text) => {
      expect(readDocument(text)).toBeNull();
    },
  );
});

test('a value keeps its kind from the document to the field and back', () => {
  for (const value of [
    'text',
    '5',
    5,
    true,
    null,
    [1],
    { a: { $: 'x' } },
    { $: 'a.b' },
    { tpl: 'Hi {{a}}' },
    { secret: 'A' },
  ]) {
    const mode = modeOf(value);
    expect(fromText(toText(value, mode), mode)).toEqual({ isValid: true, value });
  }
  expect(fromText('{', 'json')).toEqual({ isValid: false });
  expect(fromText('', 'expression')).toEqual({ isValid: true, value: undefined });
});

test('bindings have the values of the last run, and end at a bound', () => {
  const huge = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`f${index}`, { a: { b: { c: 1 } } }]));
  const run = {
    steps: [
      { id: 'get', action: 'table.get', output: { rows: [{ 'unit price': 5 }] } },
      { id: 'total', action: 'set', input: { name: 'total' }, output: 60 },
    ],
    request: { body: JSON.stringify({ quantity: 5, huge }) },
  };
  const found = bindingsOf({ parameters: [{ name: 'quantity' }], steps: ['get'], variables: ['total'], run });
  const valueOf = (path: string): unknown => found.find((one) => one.path === path)?.value;
  expect([valueOf('params.quantity'), valueOf('vars.total'), valueOf('steps.get.rows[0]["unit price"]')]).toEqual([
    5, 60, 5,
  ]);
  expect(found.length).toBeLessThanOrEqual(300);
  expect(shownValue(huge).length).toBeLessThanOrEqual(60);
});
