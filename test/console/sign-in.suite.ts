import { expect, test } from 'vitest';
import type { CDPSession } from 'playwright-core';
import { axeViolations, evaluate } from './support/axe.ts';
import { signIn } from '../../scripts/admin-client.ts';
import { startProvider } from './support/identity-provider.ts';
import { inBrowser, toAddress, useSession } from './support/browse.ts';
import { VIEWER_PASSWORD } from './support/seed.ts';

type Credential = Parameters<CDPSession['send']>[1] extends infer P
  ? Extract<P, { credential: unknown }>['credential']
  : never;

inBrowser('signing in', (stage, open) => {
  test('leads to the address that was asked for, and out again', async () => {
    const { page, context, takeErrors } = await open('nobody');
    await page.goto(`${stage.origin}/console/endpoints?q=quote`);
    await page.getByLabel('Name').fill('vera');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('Name or password is wrong.').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeViolations(page)).toEqual([]);
    }
    await page.getByLabel('Password').fill(VIEWER_PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: '/u/quote' }).waitFor();
    expect(page.url()).toBe(`${stage.origin}/console/endpoints?q=quote`);
    expect(await evaluate(page, 'document.cookie')).toBe('');
    expect(await evaluate(page, 'JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toContain('ses_');
    await page.getByRole('button', { name: 'Account of vera' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Portico' }).waitFor();
    expect(await context.cookies()).toEqual([]);
    expect(takeErrors()).toEqual([]);
  });

  test('works with a passkey, which is added and removed in the account', async () => {
    const { page, context, load, takeErrors } = await open('nobody');
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
    } as const;
    /** An authenticator may last as long as a page: a new page's gets what the one before had. */
    const plugIn = async () => {
      const devtools = await context.newCDPSession(page);
      await devtools.send('WebAuthn.enable');
      const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
        options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
      });
      return {
        take: async () => {
          const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId });
          await devtools.detach();
          return credentials;
        },
        give: (credential: Credential) => devtools.send('WebAuthn.addCredential', { authenticatorId, credential }),
      };
    };
    await useSession(context, stage, 'vera');
    await load('/account');
    const first = await plugIn();
    await page.getByRole('button', { name: 'Add a passkey…' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('This laptop');
    await page.getByRole('dialog').getByLabel('Your password').fill(VIEWER_PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('table', { name: 'Passkeys' }).getByText('This laptop').waitFor();
    const [credential] = await first.take();
    expect(await axeViolations(page)).toEqual([]);
    await context.clearCookies();
    await load('/account');
    await (await plugIn()).give(credential!);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByRole('heading', { name: 'Account' }).waitFor();
    await page.getByRole('button', { name: 'Remove the passkey This laptop' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('None yet.').waitFor();
    expect(takeErrors()).toEqual([]);
  });

  test('says so when a link was used, and asks for the password', async () => {
    const { page } = await open('nobody');
    await page.goto(`${stage.origin}/console/#code=used`);
    await page.getByText('This link was used or has expired. Sign in with your password.').waitFor();
    expect(page.url()).toBe(`${stage.origin}/console/`);
  });

  test('with an identity provider leads to the address that was asked for, and says why it does not', async () => {
    const provider = await startProvider({ sub: 'p1', preferred_username: 'pia', groups: ['Watchers'] });
    const admin = await signIn(toAddress(stage.origin), stage.password);
    const settings = { label: 'Acme', issuer: provider.issuer, clientId: 'c', roles: { Watchers: 'viewer' } };
    await admin.put('/admin/providers/acme', { ...settings, admit: { groups: ['Watchers'] } });
    const { page, takeErrors } = await open('nobody');
    await page.goto(`${stage.origin}/console/endpoints?q=quote`);
    const button = page.getByRole('button', { name: 'Sign in with Acme' });
    await button.waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await button.click();
    await page.getByRole('button', { name: 'Account of pia' }).waitFor();
    expect(page.url()).toBe(`${stage.origin}/console/endpoints?q=quote`);
    expect(await evaluate(page, 'JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toContain('ses_');
    await page.getByRole('button', { name: 'Account of pia' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await admin.put('/admin/providers/acme', { ...settings, admit: { groups: ['Others'] } });
    await button.click();
    await page.getByText('Your account may not sign in here with Acme.').waitFor();
    await page.goto(`${stage.origin}/console/signed-in?code=one&state=of-another-browser`);
    await page.getByText('This sign-in did not begin in this tab. Begin again.').waitFor();
    expect(page.url()).toBe(`${stage.origin}/console/`);
    expect(takeErrors()).toEqual([]);
    await admin.delete('/admin/providers/acme');
    provider.close();
  });

  test('again is over the screen when the session ends, and what was asked goes on', async () => {
    const { page, context, load } = await open('nobody');
    const cookie = await useSession(context, stage, 'vera');
    await load('/account');
    await page.getByLabel('Your password').fill('typed before');
    await endSession(cookie);
    await page.getByLabel('New password').fill('a new password of vera');
    await page.getByRole('button', { name: 'Change the password' }).click();
    const dialog = page.getByRole('dialog', { name: 'Your session is over' });
    await dialog.getByLabel('Password').fill(VIEWER_PASSWORD);
    expect(await axeViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('is not your password').waitFor();
    expect(await page.getByLabel('Your password').inputValue()).toBe('typed before');
  });

  test('again is over the screen when the user comes back to the window', async () => {
    const { page, context, load } = await open('nobody');
    const cookie = await useSession(context, stage, 'vera');
    await load('/account');
    await page.getByLabel('Your password').fill('typed before');
    await endSession(cookie);
    await evaluate(page, `window.dispatchEvent(new Event('visibilitychange'))`);
    const dialog = page.getByRole('dialog', { name: 'Your session is over' });
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByLabel('Your password').inputValue()).toBe('typed before');
  });

  const endSession = async (cookie: string): Promise<void> => {
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    expect((await fetch(`${toAddress(stage.origin)}/admin/session`, { method: 'DELETE', headers })).status).toBe(204);
  };
});
