import { expect, test } from 'vitest';
import { evaluate } from './support/axe.ts';
import { inBrowser } from './support/browse.ts';

inBrowser('keys', (stage, open) => {
  test('are made, shown once, rotated and deleted', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit('/keys');
    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: 'Alias' }).fill('partner');
    await page.getByRole('button', { name: 'Create' }).click();
    const value = page.getByRole('region', { name: 'value' });
    const first = await value.innerText();
    expect(first).toMatch(/^ptk_\w{8}_\w+$/);
    await page.keyboard.press('Escape');
    expect(await value.isVisible()).toBe(true);
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('link', { name: 'partner' }).click();
    await page.getByRole('heading', { name: 'partner' }).waitFor();
    expect(await evaluate(page, 'document.documentElement.outerHTML')).not.toContain(first);
    await page.getByText('No endpoint accepts this key.').waitFor();
    await page.getByLabel('Calls a day').fill('five');
    await page.getByLabel('Addresses').fill('10.0.0.0/8');
    await page.keyboard.press('Control+s');
    await page.getByText('must be a number').first().waitFor();
    await page.getByLabel('Calls a day').fill('5');
    await page.keyboard.press('Control+s');
    await page.getByText('It may call from 10.0.0.0/8; 5 times a day.').waitFor();
    await page.getByText('0 of 5').waitFor();

    await page.getByRole('button', { name: 'Rotate…' }).click();
    await page.getByRole('button', { name: 'Rotate and copy' }).click();
    await page.getByText('Shown now and never again.').waitFor();
    expect(await value.innerText()).not.toBe(first);
    await page.getByRole('button', { name: 'I have stored it' }).click();

    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Delete key' }).click();
    await page.getByText('Deleted the key partner.').waitFor();
    expect(page.url()).toBe(`${stage.origin}/console/keys`);
    expect(takeErrors()).toEqual([]);
  });

  test('are found by their filters, and deleted by a plan of all that match', async () => {
    const { page, visit, takeErrors } = await open('admin');
    const make = (alias: string): string => `fetch('/admin/keys', { method: 'POST',
      headers: { 'content-type': 'application/json' }, body: '{"alias":"${alias}","active":false}' }).then(({ status }) => status)`;
    await visit('/account');
    for (const alias of ['retired one', 'retired two']) expect(await evaluate(page, make(alias))).toBe(201);
    await visit('/keys?q=RETIRED&state=off');
    await page.getByRole('checkbox', { name: 'retired one' }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'All that match…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change all that match' });
    await dialog.getByRole('button', { name: /What to do/ }).click();
    await page.getByRole('option', { name: 'Delete' }).click();
    await dialog.getByText('2 keys match.').waitFor();
    await dialog.getByRole('button', { name: 'Delete 2 keys' }).click();
    await page.getByText('Deleted 2 keys.').waitFor();
    await page.getByText('No keys match these filters').waitFor();
    expect(takeErrors()).toEqual([]);
  });

  test('that open endpoints are deleted only with these in sight, and their name typed', async () => {
    const { page, visit } = await open('admin');
    await visit(`/keys/${stage.keyId}`);
    await page.getByRole('link', { name: '/u/quote' }).waitFor();
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByText('In use by /u/quote.').waitFor();
    await page.getByText('Delete it all the same.').click();
    expect(await page.getByRole('button', { name: 'Delete key' }).isDisabled()).toBe(true);
    await page.getByLabel('Type shop to confirm').fill('shop');
    expect(await page.getByRole('button', { name: 'Delete key' }).isDisabled()).toBe(false);
    await page.getByRole('button', { name: 'Cancel' }).click();
  });
});
