import { expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { signIn } from '../../scripts/admin-client.ts';
import { evaluate } from './support/axe.ts';
import { inBrowser, toAddress } from './support/browse.ts';

/*
 * Every screen with a form over an object: without a connection nothing is lost and the form says so, and a user who saves second is shown
 * what the first one changed. A new form is a line here. Editors with drafts have tests of their own, in handlers.suite.ts and
 * graphs.suite.ts.
 */

inBrowser('forms', ({ origin, password, sharedId, keyId, tableId, veraId }, open) => {
  interface Case {
    path: string;
    /** Opens the dialog that the form is in. */
    button?: string;
    field: (page: Page) => Locator;
    /** A text that the service takes; default: `mine`. */
    typed?: string;
    /** Absent: the form saves with Ctrl S, and can discard what was typed. */
    save?: string;
    /** A change that another user makes first. Absent: the form writes one field, and the last one wins. */
    theirs?: [path: string, body: object, method?: string];
  }
  const PROVIDER = {
    label: 'Forms',
    issuer: 'https://login.forms-example.com',
    clientId: 'one',
    admit: { everyone: true },
    active: false,
  };
  const ofEndpoint = (tab: string, theirs: string, rest: Pick<Case, 'field' | 'button' | 'typed'>): Case => ({
    path: `/endpoints/${sharedId}?tab=${tab}`,
    theirs: [`/endpoints/${sharedId}`, { description: theirs }],
    ...rest,
  });
  const named = (name: string) => (page: Page) => page.getByRole('textbox', { name, exact: true });
  /** Of an endpoint that may have others already. */
  const newest = (name: string) => (page: Page) => named(name)(page).last();
  const CASES: Case[] = [
    ofEndpoint('settings', 'Theirs', { field: named('Title') }),
    ofEndpoint('access', 'Theirs too', { field: named('Addresses'), typed: '192.0.2.0/24' }),
    ofEndpoint('parameters', 'Theirs again', { button: 'Add a parameter', field: newest('Name') }),
    ofEndpoint('schedules', 'Theirs at last', { button: 'Add a schedule', field: newest('Name') }),
    {
      path: '/providers/forms',
      field: named('Client id'),
      save: 'Save',
      theirs: ['/providers/forms', { ...PROVIDER, label: 'Theirs' }, 'PUT'],
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
          body: ${JSON.stringify(JSON.stringify(body))} }).then((answer) => answer.text()).then((text) => (text === '' ? null : JSON.parse(text)))`,
      );
    await visit('/account');
    const person = await send('POST', '/users', {
      name: 'changed-twice',
      password: 'of nobody who signs in',
      roles: [],
    });
    await send('PUT', '/providers/forms', PROVIDER);
    const known = (address: string): string => address.replace('PERSON', person.id);
    for (const { path, button, field, typed = 'mine', save, theirs } of CASES) {
      await visit(known(path));
      if (button !== undefined) await page.getByRole('button', { name: button }).click();
      const submit = (): Promise<void> =>
        save === undefined
          ? page.keyboard.press('Control+s')
          : page.getByRole('button', { name: save, exact: true }).click();
      await field(page).waitFor();
      await context.setOffline(true);
      await field(page).fill(typed);
      await submit();
      await page.getByText('The service cannot be reached.').first().waitFor();
      expect([path, await field(page).inputValue()]).toEqual([path, typed]);
      await context.setOffline(false);
      if (theirs === undefined) continue;
      const [address, body, method = 'PATCH'] = theirs;
      await send(method, known(address), body);
      await submit();
      const dialog = page.getByRole('dialog', { name: 'Someone else saved it first' });
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      expect([path, await field(page).inputValue()]).toEqual([path, typed]);
      if (save !== undefined) continue;
      await page.getByRole('button', { name: 'Discard' }).click();
      await expect.poll(() => page.getByText('Not saved', { exact: true }).count()).toBe(0);
    }
    await send('DELETE', '/providers/forms', {});
    expect(takeErrors()).toEqual([]);
  });

  test('send once, and keep what is typed while they are saved', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit(`/endpoints/${sharedId}?tab=settings`);
    const title = page.getByRole('textbox', { name: 'Title', exact: true });
    await title.waitFor();
    const held = Promise.withResolvers<void>();
    let sent = 0;
    await page.route(`**/admin/endpoints/${sharedId}`, async (route) => {
      if (route.request().method() === 'PATCH') sent += 1;
      await held.promise;
      await route.continue();
    });
    await title.fill('first');
    await page.keyboard.press('Control+s');
    await page.keyboard.press('Control+s');
    await title.fill('second');
    held.resolve();
    await page.getByText('Saved the settings.').waitFor();
    await page.getByText('Not saved', { exact: true }).waitFor();
    expect([sent, await title.inputValue(), await page.getByRole('dialog').count()]).toEqual([1, 'second', 0]);
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => title.inputValue()).toBe('first');
    expect(takeErrors()).toEqual([]);
  });

  test('keep what is not saved while other tabs are looked at, until it is discarded', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit(`/endpoints/${sharedId}?tab=settings`);
    const title = page.getByRole('textbox', { name: 'Title', exact: true });
    await title.fill('mine');
    await page.getByRole('link', { name: 'Limits' }).click();
    await page.getByText('Not saved', { exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Settings (not saved)' }).click();
    await expect.poll(() => title.inputValue()).toBe('mine');
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => title.inputValue()).not.toBe('mine');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => title.inputValue()).toBe('mine');
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('link', { name: 'Settings', exact: true }).waitFor();
    expect(takeErrors()).toEqual([]);
  });

  test('go with the object that they are of', async () => {
    const { page, visit, takeErrors } = await open('admin');
    const made = `fetch('/admin/endpoints', { method: 'POST', headers: { 'content-type': 'application/json' },
      body: '{"path":"forms/gone","handler":{"path":"pricing/quote.js"}}' }).then((r) => r.json()).then(({ id }) => id)`;
    await visit('/account');
    await visit(`/endpoints/${await evaluate(page, made)}?tab=settings`);
    await page.getByRole('textbox', { name: 'Title', exact: true }).fill('lost');
    await page.getByText('Not saved', { exact: true }).waitFor();
    const mayLeave = `dispatchEvent(new Event('beforeunload', { cancelable: true }))`;
    expect(await evaluate(page, mayLeave)).toBe(false);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Delete endpoint' }).click();
    await page.getByText('Deleted /u/forms/gone.').waitFor();
    expect(await evaluate(page, mayLeave)).toBe(true);
    expect(takeErrors()).toEqual([]);
  });

  test('keep what was typed when an admin takes the role away, and offer no change after it', async () => {
    const admin = await signIn(toAddress(origin), password);
    const give = (role: string): Promise<unknown> => admin.patch(`/admin/users/${veraId}`, { roles: [role] });
    await give('developer');
    const { page, load, takeErrors } = await open('vera');
    await load(`/endpoints/${sharedId}?tab=settings`);
    const title = page.getByRole('textbox', { name: 'Title', exact: true });
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await title.fill('mine');
    await expect.poll(() => save.isEnabled()).toBe(true);
    await give('viewer');
    await save.click();
    await page
      .getByText(/^Your roles do not permit this: admin/)
      .first()
      .waitFor();
    await expect.poll(() => save.isDisabled()).toBe(true);
    await expect.poll(() => title.inputValue()).toBe('mine');
    await load('/account');
    expect(takeErrors()).toEqual([]);
  });
});
