import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { deletePackage } from '../../../../src/core/publishing/packages/delete-package';
import { deletePackageSet } from '../../../../src/core/publishing/packages/delete-package-set';
import { listPackageSets } from '../../../../src/core/publishing/packages/list-package-sets';
import { PutPackageSetInput } from '../../../../src/core/publishing/packages/package.schema';
import { putPackageSet } from '../../../../src/core/publishing/packages/put-package-set';
import { uploadPackage } from '../../../../src/core/publishing/packages/upload-package';
import { deleteHandler } from '../../../../src/core/publishing/handlers/delete-handler';
import { deleteEndpoint } from '../../../../src/core/publishing/endpoints/delete-endpoint';
import { tendPackageSets } from '../../../../src/core/retention/tend-package-sets';
import { sha256Hex } from '../../../../src/kernel/signed';
import { drain, testContext } from '../../../support/context';
import { publish } from '../../../support/publish';

// Making a set boots several interpreters without a snapshot.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const MINI = 'portico_mini-1.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl';
const PURE = 'portico_pure-1.2-py3-none-any.whl';
const OLD = 'portico_pure-0.9-py3-none-any.whl';

const declare = (...requirements: string[]): string =>
  `# /// script\n# dependencies = ${JSON.stringify(requirements)}\n# ///\n`;

async function upload(file: string, bytes?: Uint8Array<ArrayBuffer>): Promise<string> {
  const content =
    bytes ?? new Uint8Array(await (await env.ASSETS.fetch(`https://a.local/wheels/${file}`)).arrayBuffer());
  const sha256 = sha256Hex(content);
  await uploadPackage(testContext(), { file, sha256 }, content);
  return sha256;
}

const putSet = (name: string, ...requirements: string[]) =>
  putPackageSet(testContext(), name, PutPackageSetInput.parse({ requirements }));

async function call(path: string): Promise<unknown> {
  const response = await exports.default.fetch(`https://portico.test/u/${path}`);
  return [response.status, await response.json()];
}

async function remove({ endpoint, handler }: Awaited<ReturnType<typeof publish>>): Promise<void> {
  await deleteEndpoint(testContext(), endpoint.id, null);
  await deleteHandler(testContext(), handler.id, false, null);
}

const filesOf = async (): Promise<string[]> =>
  (await env.FILES.list({ prefix: 'python/uploaded/' })).objects.map(({ key }) => key);

const LIMITED = `${declare('portico-mini', 'portico-pure<2')}
from portico_mini import mini
import portico_pure
result = lambda: [mini.compute(0, 20, 3), mini.count() > 100, portico_pure.VALUE]`;

describe('what is refused', () => {
  beforeAll(() => upload(MINI));

  test.each([
    ['another content', PURE, '0'.repeat(64), 'is not the SHA-256 of the body'],
    ['a source distribution', 'six-1.0.tar.gz.whl', null, 'is not the name of a wheel'],
    ['another platform', 'six-1.0-cp313-cp313-manylinux_2_17_x86_64.whl', null, 'is for another Python or platform'],
    ['a file that is no wheel', 'six-1.0-py3-none-any.whl', null, 'the body is not a wheel'],
  ])('%s', async (_, file, sha256, message) => {
    const bytes = Uint8Array.from(new TextEncoder().encode(file));
    const query = { file, sha256: sha256 ?? sha256Hex(bytes) };
    await expect(uploadPackage(testContext(), query, bytes)).rejects.toThrow(message);
  });

  test('nothing of two uploads of one file at once: the content stays', async () => {
    const results = await Promise.allSettled([upload(PURE), upload(PURE)]);
    const sha256 = await upload(PURE);
    expect(results.map(({ status }) => status)).toContain('fulfilled');
    expect(await env.FILES.head(`python/wheels/${sha256}`)).not.toBeNull();
    await deletePackage(testContext(), sha256);
    await drain();
    expect(await env.FILES.head(`python/wheels/${sha256}`)).toBeNull();
  });

  test.each([
    ['a package that nobody uploaded', 'absent', [/absent \(for the set\): there is no wheel/]],
    ['what a package needs', 'portico-mini', [/Portico-Pure>=1/i]],
    ['the name of a set of the deploy', 'portico-pure', [/came with the deploy/], 'whole'],
  ])('%s', async (_, requirement, [message], name = 'other') => {
    await expect(putSet(name, requirement!)).rejects.toThrow(message);
  });
});

describe('a set of uploaded packages', () => {
  let first: Awaited<ReturnType<typeof publish>>;
  beforeAll(async () => {
    await upload(MINI);
    await upload(PURE);
    expect(await putSet('mine', 'portico-mini')).toMatchObject({
      name: 'mine',
      packages: [
        { name: 'portico_mini', version: '1.0', modules: ['portico_mini'] },
        { name: 'portico_pure', version: '1.2', modules: ['portico_pure'] },
      ],
      uploaded: true,
    });
    first = await publish(LIMITED, { methods: ['GET'] }, 'py');
  });

  test('runs handlers from its snapshot, in which its packages are imported', async () => {
    expect(await call(first.endpoint.path)).toEqual([200, [23, true, 'pure']]);
  });

  test('is listed beside those of the deploy', async () => {
    const { items } = await listPackageSets(testContext(), { limit: 10 });
    expect(items.map(({ name, uploaded }) => `${name} ${uploaded}`)).toEqual([
      'heavy false',
      'mine true',
      'small false',
      'whole false',
    ]);
  });

  test('is not made again when it is what is asked for', async () => {
    const before = await filesOf();
    await putSet('mine', 'portico-mini');
    expect(await filesOf()).toEqual(before);
  });

  test('runs without a snapshot, where there is none for this version of the runtime', async () => {
    const [linked] = (await filesOf()).filter((key) => key.endsWith('linked.json'));
    const kept = await (await env.FILES.get(linked!))!.text();
    await env.FILES.delete(linked!);
    const other = await publish(`${LIMITED}\n# in another isolate`, { methods: ['GET'] }, 'py');
    expect(await call(other.endpoint.path)).toEqual([200, [23, true, 'pure']]);
    await env.FILES.put(linked!, kept);
    await remove(other);
  });

  test('keeps versions that were saved with it when another takes its name, and when its wheels are deleted', async () => {
    await deletePackage(testContext(), await upload(PURE));
    await upload(OLD);
    await putSet('mine', 'portico-pure');
    const source = `${declare('portico-pure<1')}\nimport portico_pure\nresult = lambda: [portico_pure.VALUE]`;
    const now = await publish(source, { methods: ['GET'] }, 'py');
    expect([await call(now.endpoint.path), await call(first.endpoint.path)]).toEqual([
      [200, ['old']],
      [200, [23, true, 'pure']],
    ]);
    await remove(now);
  });

  test('gets a snapshot for a new version of the runtime, and loses that of the version before the last', async () => {
    const snapshots = async (): Promise<string[]> =>
      (await filesOf()).filter((key) => key.endsWith('/snapshot-0.bin') && key.includes(id));
    const { id } = (await env.DB.prepare('select id from package_sets where retired_at is null').first()) as {
      id: string;
    };
    const [made] = await snapshots();
    const version = made!.split('/').at(-2)!;
    await env.DB.prepare(`update package_sets set snapshots = '["last","before"]' where id = ?`).bind(id).run();
    await env.FILES.put(made!.replace(version, 'before'), await (await env.FILES.get(made!))!.arrayBuffer());
    await env.FILES.delete(made!);

    expect(await tendPackageSets(testContext())).toEqual({ deleted: 0, snapshots: 1 });
    expect(await snapshots()).toEqual([made]);
    expect(await tendPackageSets(testContext())).toEqual({ deleted: 0, snapshots: 0 });
  });

  const later = { ...testContext(), now: () => Date.now() + 3_700_000 };

  test('is deleted unless a handler serves a version with it; its files go an hour after the last version, not those of the same set made again', async () => {
    const serving = await publish(`${declare('portico-pure<1')}\nresult = lambda: 1`, { methods: ['GET'] }, 'py');
    await expect(deletePackageSet(testContext(), 'mine', false)).rejects.toMatchObject({ code: 'in_use' });
    await deletePackageSet(testContext(), 'mine', true);
    expect((await listPackageSets(testContext(), { limit: 10 })).items.map(({ name }) => name)).not.toContain('mine');
    expect(await tendPackageSets(later)).toMatchObject({ deleted: 0 });
    const retired = await filesOf();
    await upload(PURE);
    await putSet('mine', 'portico-mini');
    const again = (await filesOf()).filter((file) => !retired.includes(file));
    await remove(serving);
    await remove(first);
    expect(await tendPackageSets(testContext())).toMatchObject({ deleted: 0 });
    expect(await tendPackageSets(later)).toMatchObject({ deleted: 2 });
    expect(again).not.toEqual([]);
    expect(await filesOf()).toEqual(again);
    await putSet('mine', 'portico-mini');
    expect(await filesOf()).toEqual(again);
  });
});
