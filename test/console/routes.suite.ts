import { expect, test } from 'vitest';
import { axeViolations, evaluate } from './support/axe.ts';
import { inBrowser } from './support/browse.ts';
import { NO_SCREEN, screensOf } from './support/screens.ts';

/*
 * Every screen, as it is with data, for a user who may only read, and where there is nothing: what holds of all of them.
 */

const IS_BUSY = `document.querySelector('[aria-busy=true]') !== null`;

inBrowser('the screens', (stage, open) => {
  const { quoteId, keyId, handlerId, workflowId, veraId, tableId, graphId } = stage;

  test('hold in light and dark, and at 320 px', async () => {
    const { page, visit, load, takeErrors } = await open('admin');
    const WIDE = page.viewportSize()!;
    const refused: string[] = [];
    page.on(
      'response',
      (response) => response.status() >= 400 && refused.push(`${response.status()} ${response.url()}`),
    );
    let theme: 'light' | 'dark' = 'light';
    const isReadable = async (path: string): Promise<void> => {
      await page.setViewportSize(WIDE);
      expect([path, theme, await axeViolations(page)]).toEqual([path, theme, []]);
      theme = theme === 'light' ? 'dark' : 'light';
      await page.emulateMedia({ colorScheme: theme });
      expect([path, theme, await axeViolations(page, 'contrast')]).toEqual([path, theme, []]);
    };
    const fits = async (path: string): Promise<void> => {
      await page.setViewportSize({ width: 320, height: 700 });
      expect([path, await evaluate(page, 'document.documentElement.scrollWidth')]).toEqual([path, 320]);
    };
    for (const [at, path] of screensOf(stage).entries()) {
      await (path === NO_SCREEN ? load : visit)(path);
      await expect.poll(() => evaluate(page, IS_BUSY)).toBe(false);
      // A screen begins in the theme and the size that the one before ended in: one change of each a screen.
      for (const holds of at % 2 === 0 ? [isReadable, fits] : [fits, isReadable]) await holds(path);
      // A browser logs each as an error. Screens of an object that does not exist have to ask for it.
      const logged = refused.splice(0).filter(() => !/0{20}$|[?]endpoint=no-such/.test(path));
      expect([path, takeErrors(), logged]).toEqual([path, [], []]);
    }
  });

  test('say what a user without the right to write may not do', async () => {
    const refused = [
      ['/endpoints', 'New endpoint'],
      ['/handlers', 'New handler'],
      [`/handlers/${handlerId}`, 'Deploy…'],
      ['/keys', 'New key'],
      ['/graphs', 'New graph'],
      [`/graphs/${graphId}`, 'Clone'],
      ['/operations', 'New operation'],
      [`/endpoints/${quoteId}?tab=access`, 'Save'],
      [`/endpoints/${quoteId}?tab=schedules`, 'Add a schedule'],
      [`/keys/${keyId}`, 'Rotate…'],
      [`/people/${veraId}`, 'Save'],
      ['/roles/billing', 'Delete…'],
    ] as const;
    const { page, visit, takeErrors } = await open('vera');
    for (const [path, name] of refused) {
      await visit(path);
      await page.getByRole('button', { name }).waitFor();
      expect([path, await page.getByRole('button', { name }).isDisabled()]).toEqual([path, true]);
      expect(await page.getByText('Your roles do not permit this: admin').count()).toBeGreaterThan(0);
      expect([path, await axeViolations(page)]).toEqual([path, []]);
      expect([path, takeErrors()]).toEqual([path, []]);
    }
    await visit(`/tables/${tableId}`);
    await page.getByText('You may not see this').waitFor();
    for (const path of ['/secrets', '/audit', '/tokens?tab=callers', '/people?tab=providers']) {
      await visit(path);
      await page.getByText('may. An admin can give you such a role.').waitFor();
    }
    await visit(`/handlers/${workflowId}`);
    await page.locator('[data-pointer="/steps/0"]').click();
    await page.getByRole('group', { name: 'Fields of the step' }).getByText('params.quantity * 12').waitFor();
    expect(await page.getByRole('textbox', { name: 'Id', exact: true }).count()).toBe(0);
    await visit('/endpoints/new');
    await page.getByText('admin or developer may. An admin can give you such a role.').waitFor();
    expect(takeErrors()).toEqual([]);
  });

  test('the policy of the page refuses what it does not know, and this test sees it', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit('/account');
    expect(takeErrors()).toEqual([]);
    await evaluate(
      page,
      `document.body.append(Object.assign(document.createElement('style'), { textContent: 'a{}' }))`,
    );
    await expect.poll(takeErrors).toEqual([expect.stringContaining('Content Security Policy')]);
    const refused = await evaluate(page, `try { document.body.innerHTML = 'x' } catch (error) { error.name }`);
    expect(refused).toBe('TypeError');
    await evaluate(page, `document.querySelector('main').append(document.createElement('button'))`);
    expect(await axeViolations(page)).toEqual([expect.stringMatching(/^button-name /)]);
  });
});
