import { benchPython } from '../python.ts';
import type { Finding, Trial } from './scenario.ts';

const WARM_GOAL = 3;
const BOOT_GOAL = 4;

/** The cost of Python beside the equal JavaScript, on a server of its own: both sides are the bare isolates, without Portico around them. */
export const python: Trial = {
  kind: 'trial',
  name: 'python',
  title: 'Python beside the equal JavaScript',
  run: async ({ quick }) => {
    const { warm, bare, boot } = await benchPython(quick ? 4 : 10);
    const times = (ratio: number): string => `${ratio.toFixed(2)} times`;
    const calls = warm.map(({ connections, ratio }): Finding => ({
      what: `a warm call that does nothing, p50, ${connections} at once`,
      value: times(ratio),
      goal: `at most ${WARM_GOAL} times`,
      met: ratio <= WARM_GOAL,
    }));
    return [
      ...calls,
      { what: 'the same from within one request, without HTTP', value: times(bare.ratio), goal: null, met: null },
      {
        what: 'a boot without the snapshot, in boots with it',
        value: times(boot.ratio),
        goal: `at least ${BOOT_GOAL} times`,
        met: boot.ratio >= BOOT_GOAL,
      },
    ];
  },
};
