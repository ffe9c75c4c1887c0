import { beforeEach, expect, test } from 'vitest';
import {
  limitAttempts,
  ATTEMPTS_PER_ACCOUNT,
  ATTEMPTS_WINDOW_SECONDS,
} from '../../../../src/core/identity/sessions/limit-attempts';
import { codeOf } from '../../../support/code-of';
import { testContext } from '../../../support/context';
import { unique } from '../../../support/publish';
import { clearOfWindowEnd } from '../../../support/rate-window';

beforeEach(() => clearOfWindowEnd(ATTEMPTS_WINDOW_SECONDS), 30_000);

const attempt = (address: string, name: string) =>
  codeOf(limitAttempts(testContext({ kind: 'anonymous', credential: 'none' }, { address }), `user ${name}`));

test('the networks of one /48 guess one password together, ten times as often as one of them', async () => {
  const [name, other] = [unique('ann'), unique('bob')];
  const all = 10 * ATTEMPTS_PER_ACCOUNT;
  for (let i = 0; i < all; i++) expect(await attempt(`2001:db8:48:${i.toString(16)}::1`, name)).toBe('done');
  expect(await attempt('2001:db8:48:ffff::1', name)).toBe('rate_limited');
  expect(await attempt('2001:db8:48:ffff::1', other)).toBe('done');
  expect(await attempt('2001:db8:49::1', name)).toBe('done');
});

test('a network has ten guesses; a successful attempt does not count', async () => {
  const name = unique('ann');
  const ctx = testContext({ kind: 'anonymous', credential: 'none' }, { address: '2001:db8:50:1::1' });
  for (let i = 0; i < 3 * ATTEMPTS_PER_ACCOUNT; i++) await (await limitAttempts(ctx, `user ${name}`))();
  for (let i = 0; i < ATTEMPTS_PER_ACCOUNT; i++) expect(await attempt(`2001:db8:50:1::${i}`, name)).toBe('done');
  expect(await attempt('2001:db8:50:1::ffff', name.toUpperCase())).toBe('rate_limited');
});
