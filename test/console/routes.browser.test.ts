import { expect, test } from 'vitest';
import { axeViolations, evaluate } from './support/axe.ts';
import { inBrowser } from './support/browse.ts';

/*
 * Every screen, as it is with data, for a user who may only read, and where there is nothing: what holds of all of them. A new screen is a
 * line here.
 */

inBrowser('the screens', ({ quoteId, keyId }, open) => {
  const SCREENS = [
    '/endpoints',
    '/endpoints?q=no-such-endpoint',
    `/endpoints/${quoteId}`,
    `/endpoints/${quoteId}?tab=access`,
    '/endpoints/ep_00000000000000000000',
    '/endpoints/new',
    '/keys',
    `/keys/${keyId}`,
    '/account',
    '/no-such-screen',
  ];

  test.each(['admin', 'vera'] as const)(
    'hold in light and dark, and at 320 px, for %s',
    { timeout: 120_000 },
    async (as) => {
      const { page, visit, takeErrors, context } = await open({ as });
      for (const path of SCREENS) {
        await visit(path);
        await page.waitForLoadState('networkidle');
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          expect([path, colorScheme, await axeViolations(page)]).toEqual([path, colorScheme, []]);
        }
        await page.setViewportSize({ width: 320, height: 700 });
        expect([path, await evaluate(page, 'document.documentElement.scrollWidth')]).toEqual([path, 320]);
        await page.setViewportSize({ width: 1280, height: 800 });
        expect([path, takeErrors()]).toEqual([path, []]);
      }
      await context.close();
    },
  );

  test('the policy of the page refuses what it does not know, and this test sees it', async () => {
    const { page, visit, takeErrors, context } = await open({ as: 'admin' });
    await visit('/account');
    expect(takeErrors()).toEqual([]);
    await evaluate(
      page,
      `document.body.append(Object.assign(document.createElement('style'), { textContent: 'a{}' }))`,
    );
    await expect.poll(takeErrors).toEqual([expect.stringContaining('Content Security Policy')]);
    const refused = await evaluate(page, `try { document.body.innerHTML = 'x' } catch (error) { error.name }`);
    expect(refused).toBe('TypeError');
    await context.close();
  });
});
