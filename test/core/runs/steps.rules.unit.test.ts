import { describe, expect, test } from 'vitest';
import { NOTHING_HIDDEN } from '../../../src/core/runs/redact.rules';
import { fitSteps, redactSteps } from '../../../src/core/runs/steps.rules';
import type { StepLine } from '../../../src/runtime/types';

const step = (id: string, more: Partial<StepLine> = {}): StepLine => ({
  id,
  action: 'set',
  outcome: 'success',
  startedMs: 0,
  durationMs: 0,
  ...more,
});

describe('redaction', () => {
  const redact = (input: unknown, values: unknown[] = [], names: string[] = []) =>
    redactSteps([step('s', { input })], { ...NOTHING_HIDDEN, names: new Set(names) }, values)[0]!.input;
  test('by name, of parameters and of credentials', () =>
    expect(redact({ email: 1, password: 'x', ok: 2 }, [], ['email'])).toEqual({
      email: '[redacted]',
      password: '[redacted]',
      ok: 2,
    }));
  test('by value, however short, under any name', () =>
    expect(redact({ a: ['7', 7, 8, '77'], b: { c: 'in' } }, ['7', { deep: [7, 'in'] }])).toEqual({
      a: ['[redacted]', '[redacted]', 8, '77'],
      b: { c: '[redacted]' },
    }));
  test('booleans, null and empty text are kept', () =>
    expect(redact([true, null, ''], [true, null])).toEqual([true, null, '']));
  test('a step without input gets none', () =>
    expect(redactSteps([step('s')], NOTHING_HIDDEN, [])[0]).not.toHaveProperty('input'));
});

describe('size', () => {
  const sizeOf = (value: unknown): number => JSON.stringify(value).length;
  const large = 'x'.repeat(900);
  test('steps within the limit stay whole', () => {
    const steps = [step('a', { input: large }), step('b')];
    expect(fitSteps(steps, 10_000)).toEqual({ kept: steps, cut: false });
  });
  test('values go before steps, and what failed keeps its own', () => {
    const steps = Array.from({ length: 50 }, (_, n) =>
      step(`s${n}`, { input: large, ...(n === 49 ? { outcome: 'failed' } : {}) }),
    );
    const { kept, cut } = fitSteps(steps, 12_000);
    expect([kept.length, cut, kept[49]!.input, kept[40]!.input]).toEqual([
      50,
      true,
      large,
      '… (no room for it in the run)',
    ]);
    expect(sizeOf(kept)).toBeLessThanOrEqual(12_000);
  });
  test('the first and last of many steps stay', () => {
    const { kept, cut } = fitSteps(
      Array.from({ length: 1000 }, (_, n) => step(`s${n}`)),
      60_000,
    );
    expect([kept.length, kept[0]!.id, kept.at(-1)!.id, cut]).toEqual([200, 's0', 's999', true]);
  });
});
