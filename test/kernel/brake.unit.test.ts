import { describe, expect, it } from 'vitest';
import { createBrake } from '../../src/kernel/brake';

const times = (n: number, work: (i: number) => void): void => Array.from({ length: n }).forEach((_, i) => work(i));
const isBraked = (brake: ReturnType<typeof createBrake>, address: string, now: number): boolean => {
  try {
    brake.check(address, now);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'rate_limited', message: 'Enough.' });
    return true;
  }
};

describe('a brake', () => {
  it('limits one network for the rest of its window, and no other', () => {
    const brake = createBrake(3, 1000, 'Enough.');
    times(2, () => brake.count('192.0.2.1', 100));
    expect([brake.isOn(100), isBraked(brake, '192.0.2.1', 100)]).toEqual([false, false]);
    brake.count('192.0.2.1', 200);
    expect([brake.isOn(200), isBraked(brake, '192.0.2.1', 1099)]).toEqual([true, true]);
    expect(isBraked(brake, '192.0.2.2', 1099)).toBe(false);
    expect([brake.isOn(1100), isBraked(brake, '192.0.2.1', 1100)]).toEqual([false, false]);
  });

  it('returns when the window ends', () => {
    const brake = createBrake(1, 10_000, 'Enough.');
    brake.count('192.0.2.1', 0);
    expect(() => brake.check('192.0.2.1', 2500)).toThrow(
      expect.objectContaining({ extra: { headers: { 'retry-after': '8' } } }),
    );
  });

  it('counts an IPv4 address once, however it is spelled', () => {
    const brake = createBrake(2, 1000, 'Enough.');
    brake.count('192.0.2.1', 0);
    brake.count('::ffff:c000:201', 0);
    expect(isBraked(brake, '192.0.2.1', 1)).toBe(true);
  });

  it('counts a /64 as one, and a /48 as ten', () => {
    const brake = createBrake(3, 1000, 'Enough.');
    times(3, (i) => brake.count(`2001:db8:0:1::${i + 1}`, 0));
    expect(isBraked(brake, '2001:db8:0:1::99', 1)).toBe(true);
    expect(isBraked(brake, '2001:db8:0:2::1', 1)).toBe(false);
    times(27, (i) => brake.count(`2001:db8:0:${(i + 16).toString(16)}::1`, 0));
    expect(isBraked(brake, '2001:db8:0:ffff::1', 1)).toBe(true);
    expect(isBraked(brake, '2001:db8:1:1::1', 1)).toBe(false);
  });
});
