import { expect, test } from 'vitest';
import { edit, inTerminal, startPortico } from '../support/portico.ts';
import type { Shop } from '../support/shop.ts';

/** `dev`, without a terminal and in one. */
export function devPushesWhatIsSaved({ shop, env, origin, run, hello }: Shop): void {
  test('dev pushes what is saved, goes on after a fault, and ends with a signal', async () => {
    const dev = startPortico(shop, ['dev'], env);
    await dev.shows('Watching ');
    edit(shop, 'handlers/hello.ts', '{ name }', '{ name ');
    await dev.shows('hello.ts');
    edit(shop, 'handlers/hello.ts', '{ name ', '{ name }');
    edit(shop, 'handlers/hello.ts', 'Welcome,', 'Saved,');
    await dev.shows('✓ generation');
    expect(await hello()).toEqual({ message: 'Saved, Ada!' });
    await dev.shows('hello  200 success');
    expect(await dev.stop()).toBe(0);
    edit(shop, 'handlers/hello.ts', 'Saved,', 'Welcome,');
    expect((await run('push')).code).toBe(0);
  });

  test('dev in a terminal acts on keys: test, logs, plan, docs, quit', async () => {
    const dev = inTerminal(shop, ['dev'], env);
    await dev.shows('t test · l logs · p plan · o docs · q quit');
    dev.press('t');
    await dev.shows('Save a handler or an endpoint first');
    edit(shop, 'handlers/hello.ts', 'Welcome,', 'Keyed,');
    await dev.shows('✓ generation');
    dev.press('t');
    await dev.shows('GET hello  200  {"message":"Keyed, Ada!"}');
    dev.press('lpo');
    await dev.shows('Runs are shown without their logs.');
    await dev.shows('Nothing to do.');
    await dev.shows(`${origin}/u/docs`);
    dev.press('q');
    expect(await dev.ended).toBe(0);
    const again = inTerminal(shop, ['dev'], env);
    await again.shows('q quit');
    again.press('\u0003');
    expect(await again.ended).toBe(0);
    edit(shop, 'handlers/hello.ts', 'Keyed,', 'Welcome,');
    expect((await run('push')).code).toBe(0);
  });
}
