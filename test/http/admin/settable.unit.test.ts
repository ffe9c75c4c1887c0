import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { adminRoutes } from '../../../src/http/admin/admin.routes';
import type { Route } from '../../../src/http/wire/route';

/** Fields that go in and never come out, and those of a PATCH that say how something else changes. */
const NOT_ANSWERED = ['password', 'value', 'renameColumns', 'dropColumns', 'addColumns', 'graceSeconds'];

const NOUNS = ['Endpoint', 'Key', 'Table', 'User', 'Role', 'Token'];

describe.each(NOUNS)('%s', (noun) => {
  test.each(['create', 'update'])('what a request to %s sets, its answer has', (verb) => {
    const { body, answer } = schemasOf(verb + noun);
    expect(body.filter((name) => !answer.includes(name) && !NOT_ANSWERED.includes(name))).toEqual([]);
  });
  test('every field of an update is a field of the creation', () => {
    const { body } = schemasOf(`create${noun}`);
    const changes = schemasOf(`update${noun}`).body;
    expect(changes.filter((name) => !body.includes(name) && !NOT_ANSWERED.includes(name))).toEqual([]);
  });
});

test('a field that no answer has is seen', () => {
  expect(schemasOf('createUser').body).toContain('password');
  expect(schemasOf('createUser').answer).not.toContain('password');
});

function schemasOf(id: string): { body: string[]; answer: string[] } {
  const route: Route = adminRoutes.find((each) => each.id === id)!;
  return { body: namesIn(route.body), answer: namesIn(route.answers[200] ?? route.answers[201]) };
}

/** The names of fields; of a choice, all that any of its forms has. */
function namesIn(schema: unknown): string[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(namesIn);
  if (!(schema instanceof z.ZodObject)) throw new Error('this has no fields');
  return Object.keys(schema.shape);
}
