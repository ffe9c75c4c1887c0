import { expect, test } from 'vitest';
import { evaluate } from './support/axe.ts';
import { inBrowser } from './support/browse.ts';

inBrowser('tables', (stage, open) => {
  test('a table is made and filled from a file, whose bad lines are named', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit('/tables');
    await page.keyboard.press('n');
    await page.getByLabel('Name', { exact: true }).last().fill('prices');
    await page.getByRole('button', { name: 'Create' }).click();
    for (const [name, type] of [
      ['item', 'text'],
      ['price', 'number'],
    ] as const) {
      await page.getByRole('button', { name: 'Add a column' }).first().click();
      await page.getByRole('textbox', { name: 'Name' }).fill(name);
      await page.getByRole('button', { name: /Type$/ }).click();
      await page.getByRole('option', { name: type, exact: true }).click();
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByText(`Added ${name}.`).waitFor();
    }
    await page.getByRole('link', { name: 'Rows' }).click();
    await page.getByRole('button', { name: 'Import…' }).click();
    const choose = (text: string, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<void> => {
      const buffer = Buffer.from(text, encoding);
      return page.getByLabel(/^Choose/).setInputFiles({ name: 'prices.csv', mimeType: 'text/csv', buffer });
    };
    await choose('item,price\ncafé,1', 'latin1');
    await page.getByText('prices.csv is not UTF-8 text.').waitFor();
    const lines = Array.from({ length: 6000 }, (_, i) => `item ${i},${i}`);
    await choose(['item,price', ...lines.with(5500, 'item 5500,cheap')].join('\n'));
    await page.getByText('Line 5502').waitFor();
    await page.getByText('5,000 of 6,000 rows imported').waitFor();
    await choose(['item,price', ...lines.slice(5000)].join('\n'));
    await page.getByText('Imported 1,000 rows.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('grid').waitFor();
    expect(takeErrors()).toEqual([]);
  });

  test('rows are edited, added, deleted and put back by keyboard alone', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit(`/tables/${stage.tableId}?order=amount`);
    const grid = page.getByRole('grid');
    const cell = (text: string) => grid.getByRole('gridcell', { name: text, exact: true });
    await cell('item 0').waitFor();
    const drawn = await evaluate<number>(page, `document.querySelectorAll('[role=row]').length`);
    expect(drawn).toBeLessThan(60);
    await grid.focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    await page.keyboard.type('many');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('must be a whole number').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('-7');
    await page.keyboard.press('Enter');
    await cell('-7').waitFor();
    const toEnd = async (): Promise<number> => {
      await page.keyboard.press('Control+End');
      return cell('item 499').count();
    };
    await expect.poll(toEnd).toBe(1);

    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Delete');
    await page.getByText('Deleted 1 row.').waitFor();
    await expect.poll(() => cell('-7').count()).toBe(0);
    await page.keyboard.press('Control+z');
    await page.getByText('Put back 1 row.').waitFor();
    await cell('-7').waitFor();

    // A row comes back above the one whose cell is being edited.
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Delete');
    await expect.poll(() => cell('-7').count()).toBe(0);
    for (const key of ['ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    await page.keyboard.type('edited');
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await cell('-7').waitFor();
    await page.getByRole('textbox', { name: 'item of row 2' }).press('Enter');
    const [first, second] = [grid.getByRole('row').nth(1), grid.getByRole('row').nth(2)];
    await second.getByText('edited', { exact: true }).waitFor();
    expect(await first.getByText('edited', { exact: true }).count()).toBe(0);

    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: 'item' }).fill('a new one');
    await page.getByRole('textbox', { name: 'amount' }).fill('-9');
    await page.keyboard.press('Enter');
    await cell('a new one').waitFor();
    await page.getByRole('button', { name: /Column$/ }).click();
    await page.getByRole('option', { name: 'amount' }).click();
    await page.getByRole('button', { name: /Comparison$/ }).click();
    await page.getByRole('option', { name: '<', exact: true }).click();
    await page.getByPlaceholder('Value').fill('-8');
    await page.keyboard.press('Enter');
    await page.getByText('1 row', { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('where')).toBe('[{"field":"amount","op":"lt","value":-8}]');
    await grid.focus();
    await page.keyboard.press('Delete');
    await page.getByText('No rows match these filters').waitFor();
    expect(takeErrors()).toEqual([]);
  });
});
