import { expect, test } from 'vitest';
import { evaluate } from './support/axe.ts';
import { signIn } from '../../scripts/admin-client.ts';
import { inBrowser, toAddress } from './support/browse.ts';
import { seedManyRuns } from './support/many-runs.ts';
import { counting } from './support/press.ts';
import { HOSTILE } from './support/seed.ts';

inBrowser('runs', (stage, open) => {
  test('lead from the count of failures to why one failed, in two clicks', async () => {
    const { page, visit, takeErrors } = await open('admin');
    const { press, count } = counting(page);
    await visit('/runs');
    await press(page.getByRole('link', { name: /^[1-9][0-9]* failed$/ }));
    await press(page.getByRole('row', { name: /order failed 500/ }).getByRole('link'));
    const why = page.getByRole('region', { name: 'Why' });
    await why.getByText('the warehouse has no such quantity', { exact: true }).waitFor();
    expect(count()).toBe(2);
    await why.getByRole('link', { name: 'Step tooMuch' }).waitFor();
    await why.getByRole('link', { name: 'The same error in the last 24 hours' }).click();
    await page.getByRole('searchbox', { name: 'Failed step' }).waitFor();
    expect(page.url()).toContain('step=tooMuch');
    expect(takeErrors()).toEqual([]);
  });

  test('that failed lead to the version before, in two presses, and back; not over the deploy of another user', async () => {
    const admin = await signIn(toAddress(stage.origin), stage.password);
    const sources = ['() => 1', '() => { throw new Error("broken") }'];
    const [first, second] = sources.map((code) => `export default ${code}`);
    const { id } = await admin.post<{ id: string }>('/admin/handlers', { path: 'rolled.js', source: first });
    const handler = { path: 'rolled.js' };
    const endpoint = await admin.post<{ id: string }>('/admin/endpoints', { path: 'rolled', handler });
    await admin.post(`/admin/handlers/${id}/versions`, { source: second });
    const fail = (): Promise<{ run: { id: string } }> =>
      admin.post(`/admin/endpoints/${endpoint.id}/test`, { request: {} });
    await fail();
    const { run } = await fail();
    const listed = async (): Promise<number> =>
      (await admin.get<{ items: unknown[] }>('/admin/runs?endpoint=rolled')).items.length;
    await expect.poll(listed).toBe(2);
    const { page, context, visit, takeErrors } = await open('admin');
    await visit(`/runs/${run.id}`);
    const why = page.getByRole('region', { name: 'Why' });
    await why.getByText(/: 2 times since .*, first with v2 \(saved .* by admin\)/).waitFor();
    const { press, count } = counting(page);
    const back = why.getByRole('button', { name: 'Roll back to v1…' });
    const confirm = page.getByRole('dialog', { name: 'Roll back to v1?' }).getByRole('button', { name: 'Roll back' });
    await press(back);
    await context.setOffline(true);
    await confirm.click();
    await page.getByText('The service cannot be reached.').waitFor();
    await context.setOffline(false);
    await press(confirm);
    await why.getByText('v1 is served now.').waitFor();
    expect(count()).toBe(2);
    await page.getByRole('button', { name: 'Undo' }).click();
    await back.click();
    await page.getByRole('dialog').getByText('/u/rolled').waitFor();
    await admin.post(`/admin/handlers/${id}/versions`, { source: first });
    await confirm.click();
    await page.getByText('Someone else changed this handler first.').waitFor();
    await why.getByText('v3 is served now.').waitFor();
    expect(takeErrors()).toEqual([]);

    const viewer = await open('vera');
    await viewer.visit(`/runs/${run.id}`);
    await viewer.page.getByText(/: 2 times since .*, first with v2/).waitFor();
    expect(await viewer.page.getByText(/Roll back|is served now/).count()).toBe(0);
    expect(viewer.takeErrors()).toEqual([]);
  });

  test('show what an attacker wrote as text', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit(`/runs/${stage.hostileRunId}`);
    await page.getByRole('region', { name: 'Why' }).getByText('<script>alert(2)</script>').first().waitFor();
    const closed = page.locator('main details:not([open]) > summary');
    while ((await closed.count()) > 0) await closed.first().click();
    const text = await page.locator('main').innerText();
    expect(text.split(String.raw`\u202etxt.exe`).length).toBeGreaterThan(3);
    expect(text).not.toContain('\u202e');
    expect(await evaluate(page, `document.querySelectorAll('main img, main script').length`)).toBe(0);
    expect(takeErrors()).toEqual([]);
  });

  test('run again as a test, with the request that came', async () => {
    const { page, visit } = await open('admin');
    // As from a log, which has the id alone.
    await visit(`/go/${stage.failedRunId}`);
    // One press.
    await page.getByRole('button', { name: 'Run again as test' }).click();
    await page.getByText('Ran again, as a test').waitFor();
    expect(page.url()).not.toContain(stage.failedRunId);
    await page
      .getByRole('region', { name: 'Why' })
      .getByText('the warehouse has no such quantity', { exact: true })
      .waitFor();
  });

  test('appear while they are followed', async () => {
    const { page, visit, takeErrors } = await open('admin');
    const followed = page.waitForResponse(/\/admin\/runs\/tail/);
    await visit('/runs?endpoint=order&live=1');
    expect((await followed).status()).toBe(200);
    const response = await fetch(`${toAddress(stage.origin)}/u/order`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"quantity":99}',
    });
    const id = response.headers.get('x-run-id');
    const came = page.locator('tr', { has: page.locator(`a[href$="${id}"]`) });
    await came.getByRole('checkbox').focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Deleted 1 run.').waitFor();
    await expect.poll(() => came.count()).toBe(0);
    await page.getByRole('switch', { name: 'Follow live' }).focus();
    await page.keyboard.press('Space');
    await expect.poll(() => page.url()).not.toContain('live=');
    expect(takeErrors()).toEqual([]);
  });

  test('say why they are not followed yet, and are followed once they can be', async () => {
    const { page, visit, takeErrors } = await open('admin');
    const refusal = { status: 429, code: 'rate_limited', detail: 'You have 5 live tails already.' };
    const answer = { status: 429, headers: { 'retry-after': '1' }, json: refusal };
    await page.route(/\/admin\/runs\/tail/, (route) => route.fulfill(answer), { times: 1 });
    const followed = page.waitForResponse((one) => one.url().includes('/admin/runs/tail') && one.status() === 200);
    await visit('/runs?endpoint=order&live=1');
    const notice = page.getByText('New runs are not followed yet: You have 5 live tails already.');
    await notice.waitFor();
    await followed;
    await notice.waitFor({ state: 'hidden' });
    expect(takeErrors().filter((error) => !error.includes('429'))).toEqual([]);
  });

  test('are searched by their text', async () => {
    const { page, visit } = await open('admin');
    await visit('/runs');
    const field = page.getByRole('searchbox', { name: 'Text in the call' });
    await field.fill('no such QUANTITY');
    await field.press('Enter');
    await page
      .getByRole('row', { name: /order failed 500/ })
      .first()
      .waitFor();
    expect(page.url()).toContain('q=no+such+QUANTITY');
    await page.getByText(/runs?, none older/).waitFor();
    expect(await evaluate(page, 'document.activeElement.value')).toBe('no such QUANTITY');
  });

  test('open by a pinned view, which is renamed and unpinned', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit('/runs?endpoint=order&outcome=failed');
    await page.getByRole('button', { name: 'Pin these filters…' }).click();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('failed, /u/order');
    await page.keyboard.press('Enter');
    const views = page.getByRole('navigation', { name: 'Pinned views' });
    const pinned = views.getByRole('link', { name: 'failed, /u/order' });
    await expect.poll(() => pinned.getAttribute('aria-current')).toBe('page');
    await page.getByRole('button', { name: 'Clear' }).click();
    await pinned.click();
    await expect.poll(() => new URL(page.url()).search).toBe('?endpoint=order&outcome=failed');
    await views.getByRole('button', { name: /^Actions on/ }).click();
    await page.getByRole('menuitem', { name: 'Rename…' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Warehouse');
    await page.keyboard.press('Enter');
    await views.getByRole('link', { name: 'Warehouse' }).waitFor();
    await views.getByRole('button', { name: /^Actions on/ }).click();
    await page.getByRole('menuitem', { name: 'Unpin' }).click();
    await views.getByRole('button', { name: 'Pin these filters…' }).waitFor();
    expect(await views.getByRole('link').count()).toBe(0);
    expect(takeErrors()).toEqual([]);
  });

  test('are shown 50 at a time, and an address leads to the older ones', async () => {
    const { page, visit, takeErrors } = await open('admin');
    const send = (): Promise<Response> =>
      fetch(`${toAddress(stage.origin)}/u/order`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"quantity":1}',
      });
    for (let batch = 0; batch < 6; batch++) await Promise.all(Array.from({ length: 9 }, send));
    await visit('/account');
    const FILTER = 'endpoint=order&kind=live&outcome=success';
    const stored = `fetch('/admin/runs?limit=100&${FILTER}').then((page) => page.json()).then(({ items }) => items.length)`;
    await expect.poll(() => evaluate(page, stored)).toBe(54);
    await visit(`/runs?${FILTER}`);
    const rows = page.locator('a[data-row]');
    const older = page.getByRole('link', { name: 'Older runs' });
    await older.waitFor();
    expect(await rows.count()).toBe(50);
    for (const row of [0, 1]) {
      await page.getByRole('checkbox').nth(row).focus();
      await page.keyboard.press('Space');
    }
    await page.getByRole('button', { name: 'Compare' }).waitFor();
    await page.getByRole('button', { name: 'All that match…' }).click();
    await page.getByRole('button', { name: 'Delete 54 runs' }).waitFor();
    await page.keyboard.press('Escape');
    await older.click();
    await page.getByText(/^4 runs, none older$/).waitFor();
    expect(await rows.count()).toBe(4);
    expect(await page.getByRole('switch', { name: /newest runs/ }).isDisabled()).toBe(true);
    await page.getByRole('link', { name: 'Newest runs' }).click();
    await older.waitFor();
    await page.goBack();
    await page.getByText(/^4 runs, none older$/).waitFor();
    expect(takeErrors()).toEqual([]);
  });

  // The last test: its runs are in every search.
  test('are found among 100,000, in a page of bounded size, hostile ones as text', async () => {
    const day = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
    // As long as the code of an error may be.
    const error = HOSTILE.slice(-64);
    const many = { count: 100_000, day, endpointId: stage.quoteId, endpointPath: 'quote', error };
    await seedManyRuns(await signIn(toAddress(stage.origin), stage.password), many);
    const { page, visit, takeErrors } = await open('admin');
    const until = new Date(Date.parse(day) + 86_400_000).toISOString();
    const rows = page.locator('a[data-row]');
    const firstOf = (): Promise<string | null> => rows.first().getAttribute('href');
    await visit(`/runs?endpoint=quote&since=${day}T00:00:00.000Z&until=${until}`);
    await page.getByText('100,000 calls, by hour').waitFor();
    await rows.nth(49).waitFor();
    // Fewer elements than a table of all rows would have: what is drawn does not grow with the history.
    const elements = await evaluate<number>(page, `document.querySelectorAll('*').length`);
    expect(elements).toBeLessThan(3000);
    await page
      .getByRole('region', { name: 'Failures alike' })
      .getByRole('link', { name: '1 × timeout in timeout' })
      .waitFor();
    const newest = await firstOf();
    await page.getByRole('link', { name: 'Older runs' }).click();
    await expect.poll(firstOf).not.toBe(newest);
    await expect.poll(() => rows.count()).toBe(50);

    // A drag over the second quarter of the day.
    const chart = (await page.getByRole('region', { name: 'Calls over time' }).locator('svg').boundingBox())!;
    const at = (hour: number): number => chart.x + ((hour + 0.5) * chart.width) / 24;
    await page.mouse.move(at(6), chart.y + 20);
    await page.mouse.down();
    await page.mouse.move(at(11), chart.y + 20);
    await page.mouse.up();
    await page.getByText('25,000 calls, by hour').waitFor();
    expect(new URL(page.url()).searchParams.get('since')).toBe(`${day}T06:00:00.000Z`);

    await page.getByRole('link', { name: '500 failed' }).click();
    const group = page.getByRole('region', { name: 'Failures alike' }).getByRole('link', { name: /^25 × .*script>/ });
    await group.click();
    await page.getByRole('searchbox', { name: 'Error code' }).waitFor();
    await rows.nth(49).waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.locator('main table').innerText()).not.toContain('\u202e');
    await rows.first().click();
    await page.getByRole('heading', { name: 'Run of /u/quote' }).waitFor();
    expect(takeErrors()).toEqual([]);
  });
});
