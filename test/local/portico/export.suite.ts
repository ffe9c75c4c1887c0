import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Shop } from '../support/shop.ts';

/** Export, and import into the same service. */
export function exportsAreImported({ home, admin, run }: Shop): void {
  test('an export is imported again, with a report of what is left by hand', async () => {
    const file = join(home, 'all.portico.json');
    await admin.put('/admin/secrets/EXPORTED', { value: 'canary-value' });
    expect(await run(`export ${file}`)).toMatchObject({ code: 0, out: expect.stringMatching(/^Wrote \d+ objects/) });
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('canary-value');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const absent = await run('import absent.json');
    expect([absent.code, absent.err]).toEqual([1, expect.stringMatching(/^ENOENT: no such file .*absent\.json'\n$/)]);
    writeFileSync(file, text.replace('/ 100', '/ 10'));
    expect(await run(`import ${file}`)).toMatchObject({ code: 1, out: '' });
    writeFileSync(file, text);
    const { id } = await admin.get<{ id: string }>('/admin/by-path/endpoints/till');
    await admin.delete(`/admin/endpoints/${id}`);
    await admin.delete('/admin/secrets/EXPORTED');
    const imported = await run(`import ${file} --project moved`);
    expect(imported.code).toBe(0);
    expect(imported.out).toContain('+ endpoint POST till');
    expect(imported.out).toContain('secret EXPORTED has no value: portico secrets set EXPORTED');
    expect((await run('run till net=10')).out).toContain('"total":12');
    expect((await run(`import ${file} --project moved`)).out).toContain('✓ Nothing to do.');
    await admin.delete('/admin/secrets/EXPORTED');
    expect(await run('push')).toMatchObject({ code: 0, out: expect.stringContaining('✓ Nothing to do.') });
  });
}
