import { expect, test } from 'vitest';
import type { Actor } from '../../../src/core/access/actor';
import type { Context } from '../../../src/core/access/context';
import { verb } from '../../../src/core/access/verb';

const started: string[] = [];
const write = verb('key.write', (ctx, text: string) => {
  started.push(text);
  return `${ctx.actor.kind} ${text}`;
});
const greet = verb('public', (ctx) => ctx.actor.kind);

// A verb that only looks at its actor needs no more of a context.
const as = (actor: Actor) => ({ actor }) as Context;
const developer: Actor = { kind: 'user', id: 'usr_1', name: 'dora', roles: ['developer'], sessionId: 'ses_1' };
const viewer: Actor = { ...developer, roles: ['viewer'] };

test('a verb has its permission, and answers those who have it', async () => {
  expect(write.permission).toBe('key.write');
  expect(await write(as(developer), 'a')).toBe('user a');
});

test('a verb rejects others before it starts', async () => {
  started.length = 0;
  await expect(write(as(viewer), 'b')).rejects.toMatchObject({ code: 'forbidden' });
  await expect(write(as({ kind: 'anonymous', credential: 'none' }), 'c')).rejects.toMatchObject({
    code: 'auth_required',
  });
  await expect(write(as({ kind: 'anonymous', credential: 'invalid' }), 'd')).rejects.toMatchObject({
    code: 'invalid_token',
  });
  expect(started).toEqual([]);
});

test('a public verb needs no permission', async () => {
  expect(greet.permission).toBe('public');
  expect(await greet(as({ kind: 'anonymous', credential: 'none' }))).toBe('anonymous');
});
