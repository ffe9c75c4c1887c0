import { expect, test } from 'vitest';
import { axeViolations } from './support/axe.ts';
import { inBrowser } from './support/browse.ts';

inBrowser('signing in a program', (stage, open) => {
  test('shows who asks for what, and the program gets its token', async () => {
    // Only a browser resolves names below localhost.
    const programOrigin = stage.origin.replace('portico.localhost', '127.0.0.1');
    const post = async (path: string, body: object): Promise<Record<string, string>> => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${programOrigin}/admin/device-logins${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return (await response.json()) as Record<string, string>;
    };
    const started = await post('', { name: 'portico on <b>laptop</b>', scopes: ['read'] });
    const { page, visit, takeErrors } = await open('vera');
    await visit('/device');
    await page.getByLabel('Code').fill(started.userCode!.toLowerCase());
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'portico on <b>laptop</b>' }).waitFor();
    await page.getByText(started.userCode!).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('is signed in as vera').waitFor();
    expect(await post('/token', { deviceCode: started.deviceCode! })).toMatchObject({ scopes: ['read'] });
    await visit('/device?code=BBBB-BBBB');
    await page.getByText('not found').first().waitFor();
    takeErrors();
  });
});
