import { expect, test } from 'vitest';
import { evaluate } from './support/axe.ts';
import { inBrowser, toAddress } from './support/browse.ts';
import { counting } from './support/press.ts';

inBrowser('handlers', (stage, open) => {
  const source = (text: string): string => `export default ({ amount }, ctx) => ({ ${text} })`;

  test('are written with the types of their endpoint, tested, deployed, and taken back', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit(`/handlers/${stage.draftedId}`);
    const editor = page.getByRole('textbox', { name: 'Source of pricing/drafted.ts' });
    const state = page.locator('header [role=status]');
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('export default ({ amuont }, ctx) => ctx.');
    const list = page.getByRole('listbox', { name: 'Completions' });
    await list.getByRole('option', { name: 'caller' }).waitFor();
    await list.getByRole('option', { name: 'waitUntil' }).waitFor();
    await page.keyboard.type('run.id');
    await page.keyboard.press('Escape');
    await page.getByText("Property 'amuont' does not exist on type").waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type(source('total: amount * 3'));
    await expect.poll(() => state.innerText()).toMatch(/^Draft, kept/);
    // The pages of tests belong to a user who asked for less motion.
    expect(await evaluate(page, 'document.getAnimations().length')).toBe(0);
    await page.getByRole('button', { name: 'Run the draft' }).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('group', { name: 'Body' }).getByText('30', { exact: true }).waitFor();
    await page.keyboard.press('Control+Shift+Enter');
    await page.getByRole('dialog', { name: 'Deploy the draft' }).getByText('/u/drafted').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('v2 is served.').waitFor();
    await expect.poll(() => state.innerText()).toBe('Saved v2');
    for (const version of [1, 2]) {
      await evaluate(
        page,
        `fetch('/admin/handlers/${stage.draftedId}/default', { method: 'PUT', headers: { 'content-type': 'application/json' },
          body: '{"version":${version}}' }).then(({ status }) => status)`,
      );
    }
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Someone else changed this handler first. Nothing was deployed.').waitFor();
    await page.getByRole('link', { name: 'Versions' }).click();
    const { press, count } = counting(page);
    await press(page.getByRole('button', { name: 'Roll back…' }));
    await page.getByRole('dialog', { name: 'Roll back to v1?' }).getByText('/u/drafted').waitFor();
    await press('Enter');
    await page.getByText('v1 is served.').waitFor();
    expect(count()).toBe(2);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await page.getByText('v2 served').waitFor();
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('textbox', { name: 'v2' }).getByText('amount * 3').waitFor();
    expect(takeErrors()).toEqual([]);
  });

  test('keep the focus of the editor when their types arrive while the source is written', async () => {
    const { page, visit, takeErrors } = await open('admin');
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/types', async (route) => {
      await held;
      await route.continue();
    });
    // Without an answer in its batch, the read of the types is sent again alone.
    await page.route('**/admin/batch', async (route) => {
      const { paths } = route.request().postDataJSON() as { paths: string[] };
      const others = paths.filter((path) => !path.endsWith('/types'));
      await route.continue({ postData: JSON.stringify({ paths: others }) });
    });
    await visit(`/handlers/${stage.handlerId}`);
    const editor = page.getByRole('textbox', { name: /^Source of / });
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('export default (params, ctx) => ctx.');
    release();
    await page.getByRole('listbox', { name: 'Completions' }).getByRole('option', { name: 'waitUntil' }).waitFor();
    await page.keyboard.type('run.id');
    await page.keyboard.press('Escape');
    await expect.poll(() => editor.innerText()).toContain('ctx.run.id');
    const undo = async (): Promise<string> => {
      await page.keyboard.press('Control+z');
      return editor.innerText();
    };
    await expect.poll(undo).not.toContain('ctx.');
    await page.unrouteAll();
    expect(takeErrors()).toEqual([]);
  });

  test('take keys that come faster than their page can draw', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit(`/handlers/${stage.handlerId}`);
    const editor = page.getByRole('textbox', { name: 'Source of pricing/quote.js' });
    await editor.click();
    await page.keyboard.press('Control+End');
    // In one task: React gives up after 50 updates in a row that each leave another one behind.
    await evaluate(
      page,
      `(async () => {
        for (let key = 0; key < 60; key++) {
          document.execCommand('insertText', false, 'x');
          for (let turn = 0; turn < 10; turn++) await null;
        }
      })()`,
    );
    await expect.poll(() => editor.innerText()).toContain('x'.repeat(60));
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => editor.innerText()).not.toContain('xx');
    expect(takeErrors()).toEqual([]);
  });

  test('keep the ends of lines that their source has', async () => {
    const { page, visit, takeErrors } = await open('admin');
    const ask = (method: string, path: string, body?: object): Promise<Record<string, string>> => {
      const init = { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) };
      return evaluate(
        page,
        `fetch('/admin/handlers${path}', ${JSON.stringify(init)}).then((answer) => answer.text()).then((text) => JSON.parse(text || '{}'))`,
      );
    };
    const source = 'export default () => 1;\r\n// of Windows';
    const { id } = await ask('POST', '', { path: 'ends/crlf.js', source });
    await visit(`/handlers/${id}`);
    const editor = page.getByRole('textbox', { name: 'Source of ends/crlf.js' });
    await editor.click();
    await expect.poll(() => page.locator('header [role=status]').innerText()).toBe('Saved v1');
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\n// and more');
    await page.keyboard.press('Control+s');
    await page.getByText('It is not served yet.').waitFor();
    expect((await ask('GET', `/${id}/versions/2`)).source).toBe(`${source}\r\n// and more`);
    await ask('DELETE', `/${id}`);
    expect(takeErrors()).toEqual([]);
  });

  test('keep what is written through a lost connection and the version of another user', async () => {
    const { page, context, visit, takeErrors } = await open('admin');
    await visit(`/handlers/${stage.draftedId}`);
    const editor = page.getByRole('textbox', { name: 'Source of pricing/drafted.ts' });
    const state = page.locator('header [role=status]');
    await editor.waitFor();
    await context.setOffline(true);
    await editor.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\n// mine');
    await expect.poll(() => state.innerText()).toBe('Draft, kept on this machine');
    await context.setOffline(false);
    const saved = await evaluate<number>(
      page,
      `fetch('/admin/handlers/${stage.draftedId}/versions', { method: 'POST', headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ source: '// theirs\\n' + ${JSON.stringify(source('total: amount * 3'))}, deploy: false }) }).then(({ status }) => status)`,
    );
    expect(saved).toBe(201);
    await page.keyboard.press('Control+s');
    await page.getByText('Someone else changed this handler first.').waitFor();
    await page.getByRole('button', { name: 'Put together…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Put both together' });
    await dialog.getByText('Both sets of changes fit together').waitFor();
    await dialog.getByRole('button', { name: 'Use the right side' }).click();
    await page.keyboard.press('Control+s');
    await page.getByText('It is not served yet.').waitFor();
    expect(await editor.innerText()).toMatch(/^\/\/ theirs\n.*\/\/ mine$/s);
    expect(takeErrors()).toEqual([]);
  });

  test('that two tabs write show the second one what the first has kept, and lose neither', async () => {
    const first = await open('admin');
    const second = await open('admin', 'second');
    const editorOf = ({ page }: typeof first) => page.getByRole('textbox', { name: 'Source of pricing/quote.js' });
    const stateOf = ({ page }: typeof first) => page.locator('header [role=status]').innerText();
    const write = async (tab: typeof first, text: string): Promise<void> => {
      await tab.page.bringToFront();
      await editorOf(tab).click();
      await tab.page.keyboard.press('Control+End');
      await tab.page.keyboard.type(`\n// ${text}`);
    };
    for (const tab of [first, second]) await tab.visit(`/handlers/${stage.handlerId}`);
    for (const tab of [first, second]) await editorOf(tab).waitFor();
    await write(first, 'of the first');
    await expect.poll(() => stateOf(first), { timeout: 20_000 }).toBe('Draft, kept in the service');
    await write(second, 'of the second');
    await second.page.getByText('Another tab or device of yours has kept a different draft').waitFor();
    await expect.poll(() => stateOf(second)).toBe('Conflict: another device has a newer draft');
    expect(await editorOf(second).innerText()).toContain('// of the second');
    await second.page.getByRole('button', { name: 'Keep the one here' }).click();

    // Its last key comes later, so that the service has that of the second by then.
    await write(first, 'and more of the first');
    await first.page.getByRole('button', { name: 'Take that one' }).click();
    await expect.poll(() => editorOf(first).innerText()).toContain('// of the second');
    expect(await editorOf(first).innerText()).not.toContain('of the first');
    await editorOf(first).click();
    await first.page.keyboard.press('Control+z');
    await expect.poll(() => editorOf(first).innerText()).toContain('// and more of the first');
    await first.page.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => stateOf(first)).toBe('Saved v1');
    await second.page.bringToFront();
    await second.page.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => stateOf(second)).toBe('Saved v1');
    expect([...first.takeErrors(), ...second.takeErrors()]).toEqual([]);
  });

  test('keep what is written when its tab is closed at once', async () => {
    const closed = await open('admin', 'second');
    await closed.visit(`/handlers/${stage.handlerId}`);
    const editorOf = (page: typeof closed.page) => page.getByRole('textbox', { name: 'Source of pricing/quote.js' });
    await editorOf(closed.page).click();
    await closed.page.keyboard.press('Control+End');
    await closed.page.keyboard.type('\n// not lost');
    const state = closed.page.locator('header [role=status]');
    await expect.poll(() => state.innerText()).toBe('Draft, kept on this machine');
    await closed.page.close();
    const { page, visit, takeErrors } = await open('admin');
    await visit(`/handlers/${stage.handlerId}`);
    await expect.poll(() => editorOf(page).innerText()).toContain('// not lost');
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => editorOf(page).innerText()).not.toContain('// not lost');
    expect(takeErrors()).toEqual([]);
  });

  test('of many files show each file and what differs between versions, and how to edit them', async () => {
    const { page, visit, takeErrors } = await open('admin');
    await visit(`/handlers/${stage.filesId}`);
    await page.getByText('portico pull').waitFor();
    await page.getByText('these 2 files and ms 2.1.3').waitFor();
    await page.getByRole('textbox', { name: 'handlers/shop/total.ts in v2' }).getByText('net + tax(net)').waitFor();
    await page.getByRole('navigation', { name: 'Files' }).getByRole('link', { name: 'lib/tax.ts' }).click();
    await page.getByRole('textbox', { name: 'lib/tax.ts in v2' }).getByText('20').waitFor();
    expect(await page.getByRole('button', { name: 'Save version' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Versions' }).click();
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('navigation', { name: 'Files that differ' }).getByText('lib/tax.ts').waitFor();
    await page.getByRole('textbox', { name: 'v1' }).getByText('19').waitFor();
    expect(takeErrors()).toEqual([]);
  });

  test('begin from a language, with their endpoint, in three acts and one text', async () => {
    const { page, visit } = await open('admin');
    await visit('/handlers');
    const folder = page.getByRole('button', { name: /^pricing\/ \d+ handlers$/ });
    await page.getByRole('list', { name: 'pricing/' }).getByRole('link', { name: 'quote.js' }).waitFor();
    await folder.focus();
    await page.keyboard.press('Enter');
    const shown = async () => [await folder.getAttribute('aria-expanded'), new URL(page.url()).search];
    await expect.poll(shown).toEqual(['false', '?toggled=pricing/']);
    await expect.poll(() => page.getByRole('link', { name: 'quote.js' }).count()).toBe(0);
    await page.getByRole('button', { name: 'New handler' }).click();
    await page.getByRole('textbox', { name: 'Path' }).fill('made/hello');
    await page.locator('label', { hasText: 'Anybody' }).click();
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'made/hello.ts' }).waitFor();
    await expect
      .poll(async () => (await fetch(`${toAddress(stage.origin)}/u/made/hello`, { method: 'POST' })).status)
      .toBe(200);
  });
});
