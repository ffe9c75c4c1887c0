import type { Locator, Page } from 'playwright-core';

/** Presses what it is given, a key or what a click is for, and counts: a journey may take so many presses and no more. */
export function counting(page: Page): { press: (target: Locator | string) => Promise<void>; count: () => number } {
  let count = 0;
  return {
    press: async (target) => {
      count++;
      await (typeof target === 'string' ? page.keyboard.press(target) : target.click());
    },
    count: () => count,
  };
}
