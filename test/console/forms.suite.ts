import { expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { evaluate } from './support/axe.ts';
import { inBrowser } from './support/browse.ts';

/*
 * Every screen with a form over an object: without a connection nothing is lost and the form says so, and a user who saves second is shown
 * what the first one changed. A new form is a line here. Editors with drafts have tests of their own, in handlers.suite.ts and
 * graphs.suite.ts.
 */

inBrowser('forms', ({ sharedId, keyId, tableId }, open) => {
  interface Case {
    path: string;
    /** Opens the dialog that the form is in. */
    button?: string;
    field: (page: Page) => Locator;
    /** Null: the form saves with Ctrl S. */
    save?: string;
    /** A change that another user makes first. Absent: the form writes one field, and the last one wins. */
    theirs?: [path: string, body: object];
  }
  const named = (name: string) => (page: Page) => page.getByRole('textbox', { name, exact: true });
  const CASES: Case[] = [
    {
      path: `/endpoints/${sharedId}?tab=settings`,
      field: named('Title'),
      theirs: [`/endpoints/${sharedId}`, { description: 'Theirs' }],
    },
    { path: '/people/PERSON', field: named('Name'), theirs: ['/users/PERSON', { roles: ['billing'] }] },
    {
      path: `/tables/${tableId}?tab=access`,
      field: named('Name'),
      theirs: [`/tables/${tableId}`, { description: 'Theirs' }],
    },
    {
      path: '/roles/billing',
      button: 'Describe…',
      field: named('Description'),
      save: 'Save',
      theirs: ['/roles/billing', { description: 'Sees invoices too' }],
    },
    { path: `/keys/${keyId}`, button: 'Rename…', field: named('Alias'), save: 'Rename' },
    { path: '/secrets/SHOP_TOKEN', button: 'Change…', field: named('Description'), save: 'Save' },
    { path: '/keys', button: 'New key', field: named('Alias'), save: 'Create' },
    { path: '/endpoints/new', field: named('Path'), save: 'Publish' },
  ];

  test('keep what was typed without a connection, and show what another user saved first', async () => {
    const { page, context, visit, takeErrors } = await open('admin');
    const send = (method: string, path: string, body: object): Promise<{ id: string }> =>
      evaluate(
        page,
        `fetch('/admin${path}', { method: '${method}', headers: { 'content-type': 'application/json' },
          body: ${JSON.stringify(JSON.stringify(body))} }).then((answer) => answer.json())`,
      );
    await visit('/account');
    const person = await send('POST', '/users', {
      name: 'changed-twice',
      password: 'of nobody who signs in',
      roles: [],
    });
    const known = (address: string): string => address.replace('PERSON', person.id);
    for (const { path, button, field, save, theirs } of CASES) {
      await visit(known(path));
      if (button !== undefined) await page.getByRole('button', { name: button }).click();
      const submit = (): Promise<void> =>
        save === undefined
          ? page.keyboard.press('Control+s')
          : page.getByRole('button', { name: save, exact: true }).click();
      await field(page).waitFor();
      await context.setOffline(true);
      await field(page).fill('mine');
      await submit();
      await page.getByText('The service cannot be reached.').first().waitFor();
      expect([path, await field(page).inputValue()]).toEqual([path, 'mine']);
      await context.setOffline(false);
      if (theirs === undefined) continue;
      await send('PATCH', known(theirs[0]), theirs[1]);
      await submit();
      const dialog = page.getByRole('dialog', { name: 'Someone else saved it first' });
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      expect([path, await field(page).inputValue()]).toEqual([path, 'mine']);
    }
    expect(takeErrors()).toEqual([]);
  });
});
