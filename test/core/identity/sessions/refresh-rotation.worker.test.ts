import fc from 'fast-check';
import { expect, it } from 'vitest';
import { refreshSession } from '../../../../src/core/identity/sessions/refresh-session';
import { testContext } from '../../../support/context';
import { insertSession, insertUser } from '../../../support/people';

/*
 * The rule of rotation, for any order of uses: at any time one token counts, the last that was given out; it counts once; any other use
 * ends the session for good. Each step uses one of the tokens given out so far, several times at once.
 */
const steps = fc.array(
  fc.record({
    /** Which token: 0 the newest, 1 the one before it, and so on. */
    age: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(5) }),
    times: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 4 }) }),
  }),
  { minLength: 1, maxLength: 8 },
);

it('one refresh token is valid at a time, and once, under concurrency', { timeout: 60_000 }, async () => {
  const ctx = testContext({ kind: 'anonymous', credential: 'none' });
  const user = await insertUser('refresher');
  await fc.assert(
    fc.asyncProperty(steps, async (uses) => {
      const { sessionId, token } = await insertSession(user.id);
      const given = [token];
      let alive = true;
      for (const { age, times } of uses) {
        const isCurrent = age === 0 || given.length === 1;
        const used = given[Math.max(0, given.length - 1 - age)]!;
        const results = await Promise.allSettled(Array.from({ length: times }, () => refreshSession(ctx, used)));
        const fresh = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value.refreshToken] : []));
        // With one use the answer is certain. With several, the winner may find its session ended by a loser.
        if (times === 1) expect(fresh).toHaveLength(alive && isCurrent ? 1 : 0);
        else expect(fresh.length).toBeLessThanOrEqual(alive && isCurrent ? 1 : 0);
        for (const one of results)
          if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'invalid_token' });
        given.push(...fresh);
        alive &&= isCurrent && times === 1;
        expect((await ctx.store.sessions.identify(sessionId, Date.now())) !== undefined).toBe(alive);
      }
    }),
    { numRuns: 30 },
  );
});
