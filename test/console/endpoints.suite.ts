import { expect, test } from 'vitest';
import { signIn } from '../../scripts/admin-client.ts';
import { evaluate } from './support/axe.ts';
import { inBrowser, toAddress } from './support/browse.ts';
import { counting } from './support/press.ts';

inBrowser('endpoints', (stage, open) => {
  test('are made from a template in four acts and one text', async () => {
    const { page, visit, takeErrors } = await open('admin');
    const { press, count } = counting(page);
    await visit('/endpoints');
    await press(page.getByRole('button', { name: 'New endpoint' }));
    await press(page.getByText('Hello, JSON'));
    await page.getByRole('textbox', { name: 'Path' }).fill('made');
    await press(page.locator('label', { hasText: 'Anybody' }));
    await press(page.getByRole('button', { name: 'Publish' }));
    await page.getByRole('heading', { name: '/u/made' }).waitFor();
    await page.getByText('Published /u/made.', { exact: true }).waitFor();
    expect(await page.getByRole('region', { name: 'curl call' }).innerText()).toContain('/u/made');
    const called = await fetch(`${toAddress(stage.origin)}/u/made?name=Ada`);
    expect([called.status, await called.text()]).toEqual([200, expect.stringContaining('Ada')]);
    expect(count()).toBe(4);
    expect(takeErrors()).toEqual([]);
  });

  test('get a key that is made with them', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit('/endpoints/new?template=hello-json');
    await page.getByRole('textbox', { name: 'Path' }).fill('with-key');
    await page.getByText('Without a key, the endpoint admits no caller.').waitFor();
    await page.getByRole('button', { name: 'New key…' }).click();
    await page.getByLabel('Alias').fill('newcomer');
    await page.keyboard.press('Enter');
    const key = await page.getByRole('region', { name: 'value' }).innerText();
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await expect.poll(() => page.getByRole('checkbox', { name: /^newcomer/ }).isChecked()).toBe(true);
    await page.locator('button:focus', { hasText: 'New key…' }).waitFor();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Admitted: 1 key.').waitFor();
    const headers = { 'x-api-key': key.trim() };
    const called = await fetch(`${toAddress(stage.origin)}/u/with-key?name=Ada`, { headers });
    expect(called.status).toBe(200);
    expect(takeErrors()).toEqual([]);
  });

  test('are called at /u/docs with a key, by a page that loads nothing from elsewhere', async () => {
    const admin = await signIn(toAddress(stage.origin), stage.password);
    const { id, key } = await admin.post<{ id: string; key: string }>('/admin/keys', { alias: 'tried' });
    const made = await admin.post<{ id: string }>('/admin/endpoints', {
      path: 'tried',
      title: 'Twelve times an amount',
      handler: { path: 'pricing/quote.js' },
      parameters: [{ name: 'amount', type: 'integer', required: true, test: 10 }],
      access: { level: 'key', keys: [id] },
    });
    const { page, takeErrors } = await open('nobody');
    const requests: string[] = [];
    page.on('request', (request) => requests.push(new URL(request.url()).origin));
    await page.goto(`${stage.origin}/u/docs`);
    await page.getByLabel('API key').fill(key);
    await page.getByRole('button', { name: 'Show what it may call' }).click();
    const operation = page.locator('.opblock').filter({ hasText: 'Twelve times an amount' });
    await operation.locator('.opblock-summary-control').click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    await operation.locator('.live-responses-table').getByText('120').waitFor();
    await page.setViewportSize({ width: 320, height: 800 });
    expect(await evaluate(page, 'document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(new Set(requests)).toEqual(new Set([stage.origin]));
    expect(takeErrors()).toEqual([]);
    await admin.delete(`/admin/endpoints/${made.id}`);
    await admin.delete(`/admin/keys/${id}`);
  });

  test('show at the field what the service refused', async () => {
    const { page, visit } = await open('admin');
    await visit('/endpoints/new');
    const path = page.getByRole('textbox', { name: 'Path' });
    for (const [value, reason] of [
      ['quote', 'already answers POST at quote'],
      ['not a path', 'must '],
    ] as const) {
      await path.fill(value);
      expect(await path.getAttribute('aria-invalid')).toBeNull();
      await page.keyboard.press('Control+Enter');
      await expect.poll(() => path.getAttribute('aria-invalid')).toBe('true');
      expect(await page.locator('main form').innerText()).toContain(reason);
    }
  });

  test('are switched off, and on again by the toast', async () => {
    const { page, visit } = await open('admin');
    const status = async (): Promise<number> =>
      (await fetch(`${toAddress(stage.origin)}/u/open`, { method: 'POST' })).status;
    await visit('/endpoints?q=open');
    // The control itself is out of sight; its track is what users press.
    await page.getByRole('switch', { name: '/u/open is on' }).focus();
    await page.keyboard.press('Space');
    await page.getByText('/u/open is off.').waitFor();
    await expect.poll(status).toBe(404);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('/u/open is on.').waitFor();
    await expect.poll(() => page.getByRole('switch', { name: '/u/open is on' }).isChecked()).toBe(true);
  });

  test('are changed by the filter, after a plan with their number', async () => {
    const { page, visit, takeErrors } = await open('admin');
    const make = (
      path: string,
    ): string => `fetch('/admin/endpoints', { method: 'POST', headers: { 'content-type': 'application/json' },
      body: '{"path":"${path}","folder":"planned","handler":{"path":"pricing/quote.js"}}' }).then(({ status }) => status)`;
    await visit('/account');
    for (const path of ['planned/a', 'planned/b']) expect(await evaluate(page, make(path))).toBe(201);
    await visit('/endpoints?folder=planned');
    const rows = page.getByRole('table', { name: 'Endpoints' }).getByRole('link', { name: /planned/ });
    const head = page.getByRole('columnheader', { name: 'Path' });
    expect([await head.getAttribute('aria-sort'), await rows.first().innerText()]).toEqual([
      'none',
      'POST /u/planned/b',
    ]);
    await head.getByRole('button').focus();
    await page.keyboard.press('Enter');
    await rows.first().filter({ hasText: 'planned/a' }).waitFor();
    expect([await head.getAttribute('aria-sort'), new URL(page.url()).search]).toEqual([
      'ascending',
      '?folder=planned&sort=path',
    ]);
    await page.keyboard.press('Enter');
    await rows.first().filter({ hasText: 'planned/b' }).waitFor();
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    await page.getByRole('checkbox', { name: '/u/planned/a' }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'All that match…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change all that match' });
    await dialog.getByText('2 endpoints match.').waitFor();
    await dialog.getByRole('button', { name: 'Switch off 2 endpoints' }).click();
    await page.getByText('Switched off 2 endpoints.').waitFor();
    const other = page.getByRole('switch', { name: '/u/planned/b is on' });
    await expect.poll(() => other.isChecked()).toBe(false);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone.').waitFor();
    await expect.poll(() => other.isChecked()).toBe(true);
    expect(takeErrors()).toEqual([]);
  });

  test('that two users change at once keep what both wanted', async () => {
    const screens = [await open('admin'), await open('admin', 'second')] as const;
    const [first, second] = [screens[0].page, screens[1].page];
    await Promise.all(screens.map(({ load }) => load(`/endpoints/${stage.sharedId}?tab=access`)));
    await first.getByText('Keys, signed-in users and tokens').click();
    await first.keyboard.press('Control+s');
    await first.getByText('Saved who may call.').waitFor();
    await second.getByText('ours').click();
    await second.getByRole('button', { name: 'Save' }).click();
    const dialog = second.getByRole('dialog', { name: 'Someone else saved it first' });
    await dialog.getByText('Theirs: key-or-authenticated').waitFor();
    await dialog.getByText('Mine: none').waitFor();
    await dialog.getByRole('button', { name: 'Use these, then save' }).click();
    await second.getByText('Not saved', { exact: true }).waitFor();
    await second.getByRole('button', { name: 'Save' }).click();
    await second.getByText('Saved who may call.').waitFor();
    await second.getByText('Admitted: signed-in users.').waitFor();
  });

  test('say which callers they would admit', async () => {
    const { page, visit } = await open('vera');
    await visit(`/endpoints/${stage.quoteId}?tab=access`);
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('Refused.').waitFor();
    await page.getByText('This endpoint needs an API key, as x-api-key.').waitFor();
    await page.getByText('With a key', { exact: true }).click();
    await page.getByLabel('Id of the key').fill(stage.keyId);
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText(`Admitted. The handler gets the caller ${stage.keyId}`).waitFor();
  });

  test('admit tokens of an issuer, and say where the service refuses one', async () => {
    const { page, load, takeErrors } = await open('admin');
    // Another page has changed it since.
    await load(`/endpoints/${stage.sharedId}?tab=access`);
    await page.getByText('Signed-in users and tokens', { exact: true }).click();
    await page.getByRole('button', { name: 'Add an issuer…' }).click();
    await page.getByRole('menuitem', { name: 'Auth0' }).click();
    const issuer = page.getByLabel('Issuer', { exact: true });
    expect(await issuer.inputValue()).toBe('https://<tenant>.auth0.com/');
    await page.keyboard.press('Control+s');
    await expect.poll(() => issuer.getAttribute('aria-invalid')).toBe('true');
    await page.getByText('Issuer auth0: Put your own in the place of <tenant>.').waitFor();
    await issuer.fill('https://10.0.0.1/');
    await page.getByLabel('Audiences').fill('api');
    await page.keyboard.press('Control+s');
    await expect.poll(() => issuer.getAttribute('aria-invalid')).toBe('true');
    await issuer.fill('https://tenant.portico-upstream.dev/');
    await page.keyboard.press('Control+s');
    await page.getByText('Admitted: signed-in users. Tokens of auth0 count too.').waitFor();
    await page.getByText('With a token, of this service or of an issuer').click();
    await page.getByLabel('Token', { exact: true }).fill('not.a.token');
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('Refused.').waitFor();
    expect(takeErrors()).toEqual([]);
  });

  test('are found, walked and opened by keyboard alone', async () => {
    const { page, visit } = await open('admin');
    const focused = (): Promise<string> => evaluate<string>(page, 'document.activeElement.textContent');
    await visit('/account');
    await page.keyboard.press('g');
    await page.keyboard.press('e');
    await page.getByRole('link', { name: '/u/quote' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('Price');
    await page.getByText('1 endpoint', { exact: true }).waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toContain('/u/quote');
    await page.keyboard.press('k');
    await page.keyboard.press('j');
    expect(await focused()).toContain('/u/quote');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Call it' }).waitFor();
    await page.keyboard.press('F6');
    await expect.poll(() => page.getByRole('region', { name: 'URL' }).locator(':focus').count()).toBe(1);
    await page.keyboard.press('Control+k');
    await page.getByRole('searchbox', { name: 'Find an action, a page or an id' }).waitFor();
    await page.keyboard.type('shop');
    await page.getByRole('menuitem', { name: 'Key shop' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'shop' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type(stage.quoteId);
    await page.getByRole('menuitem', { name: `Open ${stage.quoteId}` }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '/u/quote' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
  });

  test('with hostile texts show them, and run nothing', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit('/endpoints?q=hostile');
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
    await page.getByRole('link', { name: '/u/hostile' }).click();
    await page.getByRole('heading', { name: '/u/hostile' }).waitFor();
    await page.getByText('<script>alert(2)</script>').first().waitFor();
    expect(await evaluate(page, `document.querySelectorAll('main img, main script').length`)).toBe(0);
    expect(takeErrors()).toEqual([]);
  });

  test('say so when the service cannot be reached, and keep what was read', async () => {
    const { page, context, visit } = await open('admin');
    await visit('/endpoints');
    await page.getByRole('link', { name: '/u/quote' }).waitFor();
    await context.setOffline(true);
    await page.getByText('You are offline.').waitFor();
    expect(await page.getByRole('link', { name: '/u/quote' }).isVisible()).toBe(true);
    await context.setOffline(false);
    await page.getByText('You are offline.').waitFor({ state: 'detached' });
  });

  test('take parameters, with what the service refuses at its field', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit(`/endpoints/${stage.sharedId}?tab=parameters`);
    await page.getByRole('button', { name: 'Add a parameter' }).click();
    const parameter = page.getByRole('group', { name: 'parameter1' });
    await parameter.getByRole('textbox', { name: 'Name' }).fill('1st');
    await page.keyboard.press('Control+s');
    await page.getByText('must be 1 to 64 letters, digits').first().waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('first');
    await page.getByRole('textbox', { name: 'Test value' }).fill('42');
    await page.keyboard.press('Control+s');
    await page.getByText('Saved the parameters.').waitFor();
    expect(takeErrors()).toEqual([]);
  });

  test('take what becomes of answers, with what the service refuses at its field', async () => {
    const { page, visit, load, takeErrors } = await open('admin');
    await visit(`/endpoints/${stage.sharedId}?tab=answers`);
    await page.getByRole('textbox', { name: 'Cookies' }).fill('cart');
    await page.getByRole('textbox', { name: 'Handler for failures' }).fill('nowhere.js');
    await page.keyboard.press('Control+s');
    await page.getByText('handler not found').first().waitFor();
    await page.getByRole('textbox', { name: 'Handler for failures' }).fill('');
    const schema = page.getByRole('textbox', { name: 'Schema' });
    await schema.fill('{"type": "object"');
    await page.getByText('must be JSON: ').waitFor();
    await schema.fill('{"type": "objects"}');
    await page.keyboard.press('Control+s');
    await expect.poll(() => schema.getAttribute('aria-invalid')).toBe('true');
    await schema.fill('{"type": "object"}');
    await page.keyboard.press('Control+s');
    await page.getByText('Saved the answers.').waitFor();
    await load(`/endpoints/${stage.sharedId}?tab=answers`);
    expect(await page.getByRole('textbox', { name: 'Cookies' }).inputValue()).toBe('cart');
    expect(JSON.parse(await schema.inputValue())).toEqual({ type: 'object' });
    expect(takeErrors()).toEqual([]);
  });

  test('take what describes a tool to agents', async () => {
    const { page, visit, load, takeErrors } = await open('admin');
    await visit(`/endpoints/${stage.sharedId}?tab=settings`);
    await page.getByRole('checkbox', { name: 'A tool of agents, at /mcp' }).focus();
    await page.keyboard.press('Space');
    const name = page.getByRole('textbox', { name: 'Name of the tool' });
    await name.fill('no name');
    await page.keyboard.press('Control+s');
    await expect.poll(() => name.getAttribute('aria-invalid')).toBe('true');
    await name.fill('shared_price');
    await page.getByRole('button', { name: 'Only reads' }).click();
    await page.getByRole('option', { name: 'yes' }).click();
    await page.keyboard.press('Control+s');
    await page.getByText('Saved the settings.').waitFor();
    await load(`/endpoints/${stage.sharedId}?tab=settings`);
    expect(await name.inputValue()).toBe('shared_price');
    expect(await page.getByRole('button', { name: 'Only reads' }).innerText()).toBe('yes');
    expect(takeErrors()).toEqual([]);
  });
});
