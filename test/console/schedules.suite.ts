import { expect, test } from 'vitest';
import { inBrowser } from './support/browse.ts';

inBrowser('schedules', (stage, open) => {
  test('are added, run now and paused, and alerts send a test', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit(`/endpoints/${stage.sharedId}?tab=schedules`);
    await page.getByRole('button', { name: 'Add a schedule' }).click();
    const fields = page.getByRole('group', { name: 'daily' });
    await fields.getByLabel('Cron expression').fill('30 2 * *');
    await fields.getByText('must have five fields').waitFor();
    await page.keyboard.press('Control+s');
    await expect.poll(() => fields.getByLabel('Cron expression').getAttribute('aria-invalid')).toBe('true');
    await fields.getByLabel('Cron expression').fill('30 2 * * *');
    await fields.getByLabel('Time zone').fill('Europe/Berlin');
    await page.keyboard.press('Control+s');
    await page.getByText('Saved the schedules.').waitFor();
    await page.getByRole('button', { name: 'Run now: daily' }).click();
    await page.waitForURL('**/console/runs/run_*');

    await visit('/schedules');
    const row = page.getByRole('row', { name: '/u/shared' });
    await row.getByRole('button', { name: 'Pause: daily' }).click();
    await page.getByText('Paused daily.').waitFor();
    await row.getByText('paused', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.getByRole('button', { name: 'Pause: daily' }).waitFor();

    await visit('/alerts');
    await page.getByRole('link', { name: '/u/open' }).click();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('The test: the secret is not whsec_ and base64').waitFor();
    expect(takeErrors()).toEqual([]);
  });
});
