import { expect, test } from 'vitest';
import { inBrowser } from './support/browse.ts';
import { counting } from './support/press.ts';

/*
 * Tasks of users, in as many presses as each may take. The others are counted where their screens are tested: the first endpoint in
 * endpoints.suite.ts, why a call failed and running it again in runs.suite.ts, roll back in handlers.suite.ts, the test of a step in
 * workflow.suite.ts, a link between two nodes in graphs.suite.ts.
 */

inBrowser('journeys', (stage, open) => {
  test('a key is rotated in four presses', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit('/endpoints');
    const { press, count } = counting(page);
    await press(page.getByRole('link', { name: 'Keys', exact: true }));
    await press(page.getByRole('button', { name: 'Rotate ours…' }));
    await press(page.getByRole('button', { name: 'Rotate and copy' }));
    expect(await page.getByRole('region', { name: 'value' }).innerText()).toMatch(/^ptk_/);
    await press(page.getByRole('button', { name: 'I have stored it' }));
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(count()).toBeLessThanOrEqual(4);
    expect(takeErrors()).toEqual([]);
  });

  test('who changed an endpoint, and what, is one press away', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit(`/endpoints/${stage.sharedId}`);
    const { press, count } = counting(page);
    await press(page.getByRole('link', { name: 'History' }));
    await page.getByRole('table', { name: 'History' }).getByText('endpoint.create').waitFor();
    await page.getByRole('table', { name: 'History' }).getByRole('link', { name: 'admin' }).first().waitFor();
    expect(count()).toBe(1);
    expect(takeErrors()).toEqual([]);
  });

  test('any object is opened by a part of its name, in the palette', async () => {
    const { page, visit } = await open('admin');
    await visit('/account');
    const { press, count } = counting(page);
    await press('Control+k');
    await page.getByRole('searchbox', { name: 'Find an action, a page or an id' }).fill('orders');
    await press(page.getByRole('menuitem', { name: /orders/ }));
    await page.getByRole('heading', { name: 'public.orders' }).waitFor();
    expect(count()).toBe(2);
  });
});
