import { describe, expect, test } from 'vitest';
import { ACTIONS } from '../../../../src/core/workflow/actions/action-list';
import { stepSchema } from '../../../../src/core/workflow/language/action';
import { readWorkflow } from '../../../../src/core/workflow/document/read.rules';
import { workflowJsonSchema } from '../../../../src/core/workflow/document/workflow.schema';
import * as z from 'zod';
import type { Step } from '../../../../src/core/workflow/language/action';

interface Node {
  [key: string]: unknown;
  $defs?: Record<string, Node>;
  properties?: Record<string, Node>;
  anyOf?: Node[];
}

describe('the JSON Schema for editors', () => {
  const schema = workflowJsonSchema() as Node;
  const steps = schema.$defs?.['Step']?.anyOf ?? [];
  test('has a closed object for every action, with what it is for', () => {
    expect(steps.map((step) => step.properties?.['do']?.['const'])).toEqual(ACTIONS.map(({ name }) => name));
    for (const step of steps) {
      expect(step['additionalProperties']).toBe(false);
      expect(step['required']).toEqual(expect.arrayContaining(['id', 'do']));
      expect(String(step['title']).length).toBeGreaterThan(3);
    }
  });
  test('steps hold steps by reference', () => {
    const text = JSON.stringify(
      steps.find((step) => step.properties?.['do']?.['const'] === 'if')?.properties?.['then'],
    );
    expect(text).toContain('#/$defs/');
    expect(JSON.stringify(schema).length).toBeLessThan(40_000);
  });
  test('is JSON', () => expect(JSON.parse(JSON.stringify(schema))).toEqual(schema));
});

test('the limits of a workflow have defaults', () => {
  expect(readWorkflow('{"kind":"workflow","steps":[]}').tree?.head.limits).toEqual({
    steps: 500,
    rounds: 1_000,
    nesting: 32,
  });
  expect(readWorkflow('{"kind":"workflow","steps":[],"limits":{"steps":0}}').errors[0]?.pointer).toBe('/limits/steps');
});

test('every action refuses fields that it does not know', () => {
  const block = z.array(z.unknown()) as unknown as z.ZodType<Step[]>;
  for (const action of ACTIONS) {
    const issues = stepSchema(action, block).safeParse({ id: 'a', do: action.name, surprise: 1 }).error?.issues ?? [];
    expect(
      issues.some(({ code }) => code === 'unrecognized_keys'),
      action.name,
    ).toBe(true);
  }
});
