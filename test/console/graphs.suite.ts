import { expect, test } from 'vitest';
import { evaluate } from './support/axe.ts';
import { inBrowser } from './support/browse.ts';
import { counting } from './support/press.ts';

inBrowser('graphs', ({ graphId }, open) => {
  test('are drawn, connected, saved and run by keyboard alone, and show what each node left', async () => {
    const { page, visit, takeErrors } = await open('admin');
    const { keyboard } = page;
    const nodes = page.locator('.react-flow__node');
    const said = (text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).first().waitFor();
    await visit('/graphs');
    await keyboard.press('n');
    await page.getByRole('button', { name: 'Add an operation' }).waitFor();
    for (const [count, words] of [
      [1, 'words'],
      [2, 'upper'],
    ] as const) {
      await keyboard.press('n');
      await page.getByRole('searchbox').fill(words);
      await page.getByRole('dialog').getByText('1 operation').waitFor();
      await keyboard.press('Enter');
      await nodes.nth(count - 1).waitFor();
    }
    await page.getByRole('toolbar').getByText('1 issue').waitFor();

    const { press, count } = counting(page);
    await nodes.first().focus();
    await press('Enter');
    await press('c');
    await page.getByRole('dialog').getByRole('searchbox').waitFor();
    await press('Enter');
    await page.getByRole('group', { name: 'Link from Words to Upper case' }).waitFor({ state: 'attached' });
    expect(count()).toBeLessThanOrEqual(4);
    await keyboard.press('Control+z');
    await page.getByRole('toolbar').getByText('1 issue').waitFor();
    await keyboard.press('Control+Shift+z');

    // The script opens in the editor of sources, where letters are no shortcuts.
    await page.getByRole('textbox', { name: 'Command' }).click();
    await keyboard.press('Control+End');
    await keyboard.type('\n# can');
    await page.getByRole('textbox', { name: 'Command' }).getByText('# can').waitFor();

    // A draft outlives the page.
    await said('Draft, kept on this machine');
    await expect
      .poll(() => evaluate(page, `Object.values(localStorage).some((text) => text.includes('"node_id"'))`))
      .toBe(true);
    await page.reload();
    await said('Draft, kept on this machine');

    // Another program saves first: mine is kept, and saved over theirs.
    const id = page.url().match(/[0-9a-f]{24}/)![0];
    const theirs = `fetch('/admin/graphs/${id}', { method: 'PUT', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Theirs', description: 'd', nodes: [] }) }).then(({ status }) => status)`;
    expect(await evaluate(page, theirs)).toBe(200);
    await keyboard.press('Control+s');
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await keyboard.press('Control+s');
    await said('Saved, revision 3');

    await keyboard.press('Control+Enter');
    await page.getByText(/^Approved, read-only/).waitFor();
    await page.getByRole('group', { name: /^Upper case, success/ }).click({ timeout: 30_000 });
    await page.getByRole('button', { name: 'out', exact: true }).click();
    await page.getByRole('region', { name: 'out' }).getByText('HELLO').waitFor();
    await page.getByRole('button', { name: 'Clone' }).waitFor();
    expect(takeErrors()).toEqual([]);
  });

  test('show who may only read them what there is, as rows or drawn, and offer no change', async () => {
    const { page, visit, takeErrors } = await open('vera');
    await visit(`/graphs/${graphId}?view=list`);
    await page.getByText('Read-only: it belongs to admin').waitFor();
    await page.getByRole('link', { name: 'Upper case' }).click();
    await page.getByRole('region', { name: 'Upper case' }).getByText('tr a-z A-Z').waitFor();
    await page.getByRole('link', { name: 'Drawing' }).click();
    await page.locator('.react-flow__node').nth(1).focus();
    await page.keyboard.press('Delete');
    expect(await page.locator('.react-flow__node').count()).toBe(2);
    expect(await page.getByRole('button', { name: 'Run' }).count()).toBe(0);
    expect(takeErrors()).toEqual([]);
  });

  test('take a file of this machine, with a title and a description', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit('/operations');
    const file = { name: 'numbers.csv', mimeType: 'text/csv', buffer: Buffer.from('n\n1\n2\n') };
    await page.locator('input[type=file]').setInputFiles(file);
    const dialog = page.getByRole('dialog', { name: 'Upload a file' });
    await dialog.getByLabel('Title').fill('Numbers');
    await dialog.getByLabel('Description').fill('Two of them');
    await dialog.getByRole('button', { name: /csv/ }).waitFor();
    await dialog.getByRole('button', { name: 'Upload' }).click();
    await page.getByRole('heading', { name: 'Numbers' }).waitFor();
    await page.getByText('Two of them').waitFor();
    await page.getByText('out (csv)').waitFor();
    expect(takeErrors()).toEqual([]);
  });
});
