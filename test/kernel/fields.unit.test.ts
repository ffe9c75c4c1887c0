import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { applyChanges, fillDefaults, groupOf, optionalFields } from '../../src/kernel/fields';

const FIELDS = {
  name: z.string(),
  tags: z.array(z.string()).default(['new']),
  note: z.string().optional(),
  owner: z.string().nullable().default('nobody'),
  place: z.strictObject({ x: z.int().default(0), y: z.int().default(0) }).default({ x: 1, y: 1 }),
  limits: z.strictObject({ time: z.int().min(1).default(10), steps: z.int().optional() }).prefault({}),
};

test('a prefaulted object with fields is a group, and nothing else is', () => {
  expect(Object.keys(FIELDS).filter((name) => groupOf(FIELDS[name as keyof typeof FIELDS]))).toEqual(['limits']);
});

describe('the fields of an update', () => {
  const update = z.strictObject(optionalFields(FIELDS));
  test('are all optional and have no defaults, in groups too', () => {
    expect(update.parse({})).toEqual({});
    expect(update.parse({ limits: {} })).toEqual({ limits: {} });
  });
  test.each<[string, object]>([
    ['a value of another type', { tags: 'new' }],
    ['a value in a group that breaks its rule', { limits: { time: 0 } }],
    ['an unknown field', { other: 1 }],
    ['an unknown field in a group', { limits: { other: 1 } }],
    ['null where that is not a value', { note: null }],
  ])('refuse %s', (_name, changes) => {
    expect(update.safeParse(changes).success).toBe(false);
  });
});

describe('a stored document', () => {
  test('has the defaults of what it lacks', () => {
    expect(fillDefaults(FIELDS, { name: 'a', limits: { steps: 5 } })).toEqual({
      name: 'a',
      tags: ['new'],
      owner: 'nobody',
      place: { x: 1, y: 1 },
      limits: { time: 10, steps: 5 },
    });
  });
  test('keeps what it has, though a rule would refuse it now', () => {
    expect(fillDefaults(FIELDS, { name: 'a', owner: null, limits: { time: 0 } })).toMatchObject({
      owner: null,
      limits: { time: 0 },
    });
  });
  test('gets a default of its own each time', () => {
    fillDefaults(FIELDS, {}).tags.push('changed');
    expect(fillDefaults(FIELDS, {}).tags).toEqual(['new']);
  });
});

describe('changes', () => {
  const before = fillDefaults(FIELDS, { name: 'a', note: 'n', limits: { steps: 5 } });
  test('merge into groups, and replace every other value', () => {
    expect(
      applyChanges(FIELDS, before, { tags: [], owner: null, place: { x: 2, y: 0 }, limits: { time: 20 } }),
    ).toEqual({
      name: 'a',
      tags: [],
      note: 'n',
      owner: null,
      place: { x: 2, y: 0 },
      limits: { time: 20, steps: 5 },
    });
  });
  test('of nothing, or of undefined, leave all as it is', () => {
    expect(applyChanges(FIELDS, before, {})).toEqual(before);
    expect(applyChanges(FIELDS, before, { tags: undefined, limits: { time: undefined } })).toEqual(before);
  });
});
