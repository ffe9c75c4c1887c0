import { test, expect } from 'vitest';
import { evaluate } from './support/axe.ts';
import { inBrowser } from './support/browse.ts';

inBrowser('the overview', ({ failedRunId }, open) => {
  test('leads from a failing endpoint to its runs in one click, and a drag over the chart to those of its time', async () => {
    const { page, visit, load, takeErrors } = await open('vera');
    const failing = `fetch('/u/echo', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"text":"no"}' })`;
    await visit('/account');
    await evaluate(page, failing);
    const counted = `fetch('/admin/runs/stats?since=' + new Date(Date.now() - 6e7).toISOString() + '&kind=live&endpoint=echo').then((r) => r.json()).then(({ items }) => items.length)`;
    await expect.poll(() => evaluate(page, counted)).toBe(1);
    await load('/');
    const attention = page.getByRole('region', { name: 'Needs attention' });
    await attention
      .getByRole('link', { name: /calls failed in 24 hours/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    expect(page.url()).toContain('since=-24h');
    await page.goBack();
    const chart = page.getByRole('region', { name: 'Calls of 24 hours' }).locator('svg');
    const box = (await chart.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 2, box.y + 20);
    await page.mouse.up();
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    const { since, until } = Object.fromEntries(new URL(page.url()).searchParams) as { since: string; until: string };
    expect(Date.parse(until) - Date.parse(since)).toBeGreaterThan(10 * 3_600_000);
    expect(takeErrors()).toEqual([]);
  });

  test('two runs are compared: from one of them, by what differs alone', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit(`/runs/${failedRunId}`);
    await page.getByRole('button', { name: 'Compare…' }).click();
    await page
      .getByRole('row', { name: /success/ })
      .first()
      .getByRole('link')
      .click();
    await page.getByRole('region', { name: 'Call' }).getByText('failed', { exact: true }).waitFor();
    await page.getByRole('region', { name: 'Steps' }).getByText('tooMuch').waitFor();
    expect(await page.getByRole('region', { name: 'Call' }).getByText('Handler', { exact: true }).count()).toBe(0);
    expect(takeErrors()).toEqual([]);
  });
});
