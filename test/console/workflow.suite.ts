import { expect, test } from 'vitest';
import { inBrowser } from './support/browse.ts';
import { counting } from './support/press.ts';

inBrowser('workflows', (stage, open) => {
  test('are changed, bound, mocked and tested by keyboard alone', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit(`/handlers/${stage.workflowId}`);
    const steps = page.getByRole('list', { name: 'Steps', exact: true });
    const { press, count } = counting(page);
    await steps.getByRole('button', { name: /refuse/ }).focus();
    await press('Enter');
    await page.getByRole('button', { name: 'Run to here' }).focus();
    await press('Enter');
    await steps.getByRole('button', { name: /refuse.*success/ }).waitFor();
    expect(count()).toBe(2);
    await page.getByRole('button', { name: 'Bind when' }).press('Enter');
    await page.keyboard.type('steps.tot');
    await page.getByRole('menuitem', { name: /steps\.total/ }).waitFor();
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.getByRole('textbox', { name: 'when' }).inputValue())
      .toBe('vars.total > 100 steps.total');
    await page.getByRole('textbox', { name: 'when' }).fill('steps.totl > 1');
    await page.getByText('step totl has no result here').waitFor();
    await page.getByRole('textbox', { name: 'when' }).fill('steps.total > 1');
    await steps.getByRole('button', { name: /total/ }).first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Mock with this result' }).press('Enter');
    await page.keyboard.press('a');
    await page.keyboard.type('log');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => steps.getByRole('button', { name: /log log/ }).evaluate((one) => one === document.activeElement))
      .toBe(true);
    await page.keyboard.press('Alt+ArrowDown');
    await page.keyboard.press('Alt+ArrowDown');
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await steps.getByRole('button', { name: /log log/ }).waitFor();
    // While it runs, the steps show how far it is, and it can be stopped.
    await steps.getByRole('button', { name: /total set/ }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('a');
    await page.keyboard.type('sleep');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'ms' }).fill('30000');
    await page.keyboard.press('Control+Enter');
    await steps.getByRole('button', { name: /sleep sleep.*running/ }).waitFor();
    await page
      .getByRole('status')
      .getByText(/, sleep runs\./)
      .waitFor();
    await page.getByRole('button', { name: 'Stop' }).press('Enter');
    await steps.getByRole('button', { name: /sleep sleep.*running/ }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'JSON' }).press('Enter');
    await page.getByRole('textbox', { name: 'Source of order.workflow.json' }).getByText('steps.total > 1').waitFor();
    await page.getByRole('button', { name: 'Discard' }).press('Enter');
    await page.getByText('Saved v1').waitFor();
    expect(takeErrors()).toEqual([]);
  });
});
