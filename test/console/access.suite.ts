import { expect, test } from 'vitest';
import { evaluate } from './support/axe.ts';
import { inBrowser } from './support/browse.ts';
import { SECRET } from './support/seed.ts';

const PASSWORD = /^[A-Za-z2-9]{5}(-[A-Za-z2-9]{5}){3}$/;

inBrowser('access', (stage, open) => {
  test('a secret is written and described, and never shown', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit('/secrets');
    await page.keyboard.press('n');
    await page.getByLabel('Name').fill('lower case');
    await page.getByLabel('Value').fill('a value of mine');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('must be upper case letters', { exact: false }).waitFor();
    await page.getByLabel('Name').fill('SHOP_TOKEN');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('already exists', { exact: false }).first().waitFor();
    await page.getByLabel('Name').fill('MAIL_TOKEN');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('link', { name: 'MAIL_TOKEN' }).click();
    await page.getByRole('button', { name: 'Change…' }).click();
    await page.getByLabel('Description').fill('Sends mail');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Sends mail').waitFor();
    await page.getByText('No endpoint lists it.').waitFor();

    await visit('/secrets/SHOP_TOKEN');
    await page.getByRole('link', { name: '/u/open' }).waitFor();
    const document = await evaluate<string>(page, 'document.documentElement.outerHTML');
    expect(document).not.toContain(SECRET);
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByText('In use by /u/open.').waitFor();
    expect(await page.getByRole('button', { name: 'Delete secret' }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    expect(takeErrors()).toEqual([]);
  });

  test('a person is invited, given a role, disabled and enabled again', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit('/people');
    await page.keyboard.press('n');
    await page.getByLabel('Name').fill('bo@example.com');
    await page.getByRole('button', { name: 'Invite', exact: true }).last().click();
    const password = page.getByRole('region', { name: 'value' });
    expect(await password.innerText()).toMatch(PASSWORD);
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('link', { name: 'bo@example.com' }).click();

    await page.getByRole('button', { name: /Roles$/ }).click();
    await page.getByRole('option', { name: /^billing/ }).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+s');
    await page.getByText('Saved bo@example.com.').waitFor();
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByText('disabled', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Disable' }).waitFor();
    await page.getByRole('link', { name: 'Who changed them' }).click();
    await page.getByText('roles', { exact: true }).first().click();
    await page.getByText('["billing"]').waitFor();

    await visit('/roles/billing');
    await page.getByRole('link', { name: 'bo@example.com' }).waitFor();
    await page.getByRole('region', { name: 'What it opens' }).getByRole('link', { name: 'SHOP_TOKEN' }).waitFor();
    expect(takeErrors()).toEqual([]);
  });

  test('a token of the user is shown once, and ends after a question', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit('/tokens');
    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: 'Name' }).fill('pipeline');
    await page.getByText('These, and pushes of').click();
    await page.getByRole('button', { name: 'Create' }).click();
    const value = await page.getByRole('region', { name: 'value' }).innerText();
    await page.getByRole('button', { name: 'I have stored it' }).click();
    const authorization = `Bearer ${value}`;
    const read = (): Promise<number> =>
      fetch(`${stage.origin.replace('portico.localhost', '127.0.0.1')}/admin/endpoints`, {
        headers: { authorization },
      }).then(({ status }) => status);
    expect(await read()).toBe(200);
    await page.getByRole('button', { name: 'Revoke pipeline…' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('You have no token').waitFor();
    expect(await read()).toBe(401);
    expect(takeErrors()).toEqual([]);
  });

  test('an identity provider is added, switched off and deleted', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit('/people?tab=providers');
    await page.getByRole('main').getByText(`${stage.origin}/console/signed-in`).waitFor();
    await page.keyboard.press('n');
    await page.getByLabel('Id', { exact: true }).fill('acme');
    await page.getByLabel('Name on the button').fill('Acme');
    await page.getByLabel('Issuer', { exact: true }).fill('http://login.acme-example.com');
    await page.getByLabel('Client id').fill('0oa1');
    await page.getByLabel('Client secret').fill('a secret of mine');
    await page.getByLabel('Roles by group').fill('Platform = admin');
    const add = page.getByRole('button', { name: 'Add', exact: true });
    const wrong = (label: string) => page.getByLabel(label, { exact: true }).and(page.locator('[aria-invalid=true]'));
    await add.click();
    await wrong('Groups that may sign in').waitFor();
    await page.getByLabel('Groups that may sign in').fill('Platform');
    await add.click();
    await wrong('Issuer').and(page.locator(':focus')).waitFor();
    await page.getByLabel('Issuer', { exact: true }).fill('https://login.acme-example.com');
    await add.click();
    const row = page.getByRole('row', { name: /Acme.*https:\/\/login\.acme-example\.com.*Platform.*on/ });
    await row.waitFor();
    expect(await evaluate<string>(page, 'document.documentElement.outerHTML')).not.toContain('a secret of mine');

    await row.getByRole('link', { name: 'Acme' }).click();
    await page.getByText('Offer it on the page to sign in').click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Acme.*off/ }).waitFor();
    await visit('/people');
    await page.getByRole('link', { name: 'bo@example.com' }).click();
    await page.getByRole('button', { name: 'Link an account…' }).click();
    await page.getByRole('button', { name: /Provider/ }).click();
    await page.getByRole('option', { name: 'Acme' }).click();
    await page.getByLabel('Subject').fill('00u1');
    await page.getByRole('button', { name: 'Link', exact: true }).click();
    await page.getByRole('button', { name: 'Unlink acme 00u1…' }).click();
    await page.getByRole('button', { name: 'Unlink', exact: true }).click();
    await page.getByText('Unlinked the account at acme.').waitFor();
    await visit('/audit?object=provider');
    await page.getByRole('link', { name: 'acme' }).first().click();
    await page.getByRole('dialog', { name: 'Change Acme' }).getByRole('button', { name: 'Close' }).click();

    await page.getByRole('button', { name: 'Delete Acme…' }).click();
    await page.getByLabel('Type acme to confirm').fill('acme');
    await page.getByRole('button', { name: 'Delete provider' }).click();
    await page.getByText('No provider yet').waitFor();
    expect(takeErrors()).toEqual([]);
  });
});
