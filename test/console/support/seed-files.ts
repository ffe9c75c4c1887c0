import { createHash } from 'node:crypto';
import type { AdminClient } from '../../../scripts/admin-client.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Pushes a handler of two files twice, the second time with another library, and returns its id. */
export async function seedFiles(admin: AdminClient): Promise<string> {
  for (const percent of [19, 20]) await push(admin, percent);
  const [handler] = await admin.list<{ id: string }>('/admin/handlers?path=shop/total.ts');
  return handler!.id;
}

async function push(admin: AdminClient, percent: number): Promise<void> {
  const texts: Record<string, string> = {
    'handlers/shop/total.ts':
      "import { tax } from '../../lib/tax.ts';\n\nexport default ({ net }) => net + tax(net);\n",
    'lib/tax.ts': `export const tax = (net: number): number => (net * ${percent}) / 100;\n`,
  };
  const code = `const tax = (net) => (net * ${percent}) / 100;\nexport default ({ net }) => net + tax(net);\n`;
  const map = JSON.stringify({ version: 3, sources: ['lib/tax.ts', 'handlers/shop/total.ts'], mappings: 'AAAA;ACEA' });
  // Fields in the order of canonical JSON, whose hash names the handler.
  const document = {
    files: Object.entries(texts).map(([path, text]) => ({ path, sha256: hashOf(text) })),
    packages: [{ name: 'ms', sha256: hashOf('ms'), version: '2.1.3' }],
    tool: 'esbuild 0.28.2',
  };
  const object = {
    kind: 'handler',
    identity: 'shop/total.ts',
    sha256: hashOf(JSON.stringify(document)),
    document,
    built: { code: hashOf(code), map: hashOf(map) },
  };
  const body = { objects: [object] };
  const { digest } = await admin.post<{ digest: string }>('/admin/projects/console/plan', body);
  await admin.post('/admin/blobs', { texts: [...Object.values(texts), code, map] });
  await admin.post('/admin/projects/console/apply', { ...body, digest });
}
