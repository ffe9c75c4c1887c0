import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../../src/kernel/normal-form';
import { sha256Hex } from '../../../../src/kernel/signed';
import { callAdmin } from '../../../support/admin-api';
import { openProject, short } from '../../../support/project';
import { call, ensureAdmin, runOf, unique } from '../../../support/publish';
import { adminToken } from '../../../support/sign-in';

/* Output of esbuild for three files; a project's sender builds them. */

const INDEX = `import { tax } from '../../lib/tax.ts';
import rate from './rate.json';

export default ({ net }: { net: number }) => ({ total: net + tax(net, rate.percent) });
`;
const TAX = `/** Tax of an amount. */
export function tax(net: number, percent: number): number {
  if (net < 0) throw new RangeError('net is negative');
  return (net * percent) / 100;
}
`;
const CODE = `// lib/tax.ts
function tax(net, percent) {
  if (net < 0) throw new RangeError("net is negative");
  return net * percent / 100;
}

// handlers/shop/rate.json
var rate_default = { percent: 20 };

// handlers/shop/index.ts
var shop_default = ({ net }) => ({ total: net + tax(net, rate_default.percent) });
export {
  shop_default as default
};
`;
const MAPPINGS =
  ';AACO,SAAS,IAAI,KAAa,SAAyB;AACxD,MAAI,MAAM,EAAG,OAAM,IAAI,WAAW,iBAAiB;AACnD,SAAQ,MAAM,UAAW;AAC3B;;;ACJA,qBAAE,SAAW,GAAG;;;ACGhB,IAAO,eAAQ,CAAC,EAAE,IAAI,OAAwB,EAAE,OAAO,MAAM,IAAI,KAAK,aAAK,OAAO,EAAE;';

let token = '';
beforeAll(async () => {
  await ensureAdmin();
  token = await adminToken();
});
const admin = (method: string, path: string, body?: unknown) =>
  callAdmin(method, path, { token, ...(body === undefined ? {} : { body }) });
const firstOf = async (list: string): Promise<{ id: string }> =>
  ((await admin('GET', list)).body as { items: { id: string }[] }).items[0]!;

/** A handler of three files in a folder of its own. */
function handlerOf(folder: string, { code = CODE, rate = '{ "percent": 20 }\n', more = {} } = {}) {
  const texts: Record<string, string> = {
    [`handlers/${folder}/index.ts`]: INDEX,
    [`handlers/${folder}/rate.json`]: rate,
    'lib/tax.ts': TAX,
  };
  const sources = ['lib/tax.ts', `handlers/${folder}/rate.json`, `handlers/${folder}/index.ts`];
  const map = JSON.stringify({ version: 3, sources, mappings: MAPPINGS });
  const files = Object.entries(texts).map(([path, text]) => ({ path, sha256: sha256Hex(text) }));
  const packages = [{ name: 'ms', version: '2.1.3', sha256: sha256Hex('ms') }];
  const document = { files, packages, tool: 'esbuild 0.28.2', ...more };
  return {
    texts,
    uploads: [...Object.values(texts), code, map],
    object: {
      kind: 'handler',
      identity: `${folder}/index.ts`,
      sha256: sha256Hex(canonicalJson(document)),
      document,
      built: { code: sha256Hex(code), map: sha256Hex(map) },
    },
  };
}

function endpointOf(path: string, folder: string) {
  const parameters = [{ name: 'net', type: 'number', required: true, test: 10 }];
  const document = { path, handler: `${folder}/index.ts`, access: { level: 'public' }, parameters };
  return { kind: 'endpoint', identity: `POST ${path}`, sha256: sha256Hex(canonicalJson(document)), document };
}

const folder = unique('shop');
const path = unique('total');
const project = openProject(unique('p'), () => token);
const endpoint = endpointOf(path, folder);

async function push(handler: ReturnType<typeof handlerOf>) {
  const body = { objects: [handler.object, endpoint] };
  const plan = await admin('POST', `/projects/${project.name}/plan`, body);
  for (const text of handler.uploads) await project.upload(text);
  return admin('POST', `/projects/${project.name}/apply`, { ...body, digest: plan.body.digest });
}
const total = (net: number) =>
  call(`/u/${path}`, {
    method: 'POST',
    body: JSON.stringify({ net }),
    headers: { 'content-type': 'application/json' },
  });

describe('a handler of many files', () => {
  test('is asked for by its hashes, saved and served', async () => {
    const { object, uploads } = handlerOf(folder);
    const { document, ...known } = object;
    const first = await admin('POST', `/projects/${project.name}/plan`, { objects: [known] });
    expect(first.body).toMatchObject({ need: { documents: [`handler ${object.identity}`] }, blocked: ['need'] });
    const second = await admin('POST', `/projects/${project.name}/plan`, { objects: [object] });
    const { need } = second.body as { need: { documents: string[]; blobs: string[] } };
    expect(need.documents).toEqual([]);
    expect(need.blobs.toSorted()).toEqual(uploads.map((text) => sha256Hex(text)).toSorted());
    expect(document.files).toHaveLength(3);
    expect(await push(handlerOf(folder))).toMatchObject({ status: 200, body: { done: true } });
    expect(await (await total(10)).json()).toEqual({ total: 12 });
  });

  test('is no change in a second plan, which needs no document', async () => {
    const { document: _document, ...object } = handlerOf(folder).object;
    const again = { objects: [object, endpoint] };
    expect((await admin('POST', `/projects/${project.name}/plan`, again)).body).toMatchObject({
      steps: [],
      blocked: [],
    });
  });

  test('is answered with all its files, as they were pushed', async () => {
    const { texts, object } = handlerOf(folder);
    const list = await admin('GET', `/by-path/handler-files/${object.identity}`);
    const files = Object.entries(texts).map(([name, source]) => ({ path: name, source }));
    expect(list.body).toEqual({ files, built: null });
    const built = await admin('GET', `/by-path/handler-files/${object.identity}?built=true`);
    expect(built.body).toMatchObject({ built: { module: { code: CODE }, document: object.document } });
    const { id } = await firstOf(`/handlers?path=${object.identity}`);
    expect((await admin('GET', `/handlers/${id}/versions/1`)).body).toMatchObject({
      form: 'named',
      source: INDEX,
      files,
      packages: [{ name: 'ms', version: '2.1.3' }],
    });
  });

  test('has the places of its files in the stack of a failed run, read later or tested', async () => {
    const response = await total(-1);
    expect(response.status).toBe(500);
    const { id: run } = await runOf(response);
    const { error } = (await admin('GET', `/runs/${run}`)).body as { error: { stack: string } };
    expect(error.stack).toContain('at tax (lib/tax.ts:3:22)');
    expect(error.stack).toContain(`handlers/${folder}/index.ts:4:62`);
    const { id } = await firstOf(`/endpoints?path=${path}`);
    const tested = await admin('POST', `/endpoints/${id}/test`, { parameters: { net: -1 } });
    expect(tested.body).toMatchObject({ run: { error: { stack: expect.stringContaining('lib/tax.ts:3:22') } } });
  });

  test('that changes one file needs that file alone, beside what was built', async () => {
    const changed = handlerOf(folder, {
      rate: '{ "percent": 50 }\n',
      code: CODE.replace('percent: 20', 'percent: 50'),
    });
    const plan = await admin('POST', `/projects/${project.name}/plan`, { objects: [changed.object, endpoint] });
    expect(short(plan.body as never)).toEqual([`change handler ${changed.object.identity}`]);
    expect((plan.body as { need: { blobs: string[] } }).need.blobs).toHaveLength(2);
    expect(await push(changed)).toMatchObject({ status: 200 });
    expect(await (await total(10)).json()).toEqual({ total: 15 });
  });

  test('refuses code that imports what the runtime does not have, with the place in its file', async () => {
    const code = CODE.replace('return net * percent / 100;', "return import('left-pad');");
    expect(await push(handlerOf(folder, { code }))).toMatchObject({
      status: 422,
      body: { errors: [{ message: expect.stringMatching(/^lib\/tax\.ts:4:\d+: module "left-pad" is not available/) }] },
    });
  });

  test('refuses documents that name no entry, another hash, or a hidden file', async () => {
    const files = [{ path: 'lib/tax.ts', sha256: sha256Hex(TAX) }];
    expect(await push(handlerOf(folder, { more: { files } }))).toMatchObject({
      status: 422,
      body: { errors: [{ message: expect.stringContaining('must have the entry handlers/') }] },
    });
    const plan = async (object: object) =>
      (await admin('POST', `/projects/${project.name}/plan`, { objects: [object] })).body;
    const wrong = { ...handlerOf(folder).object, sha256: sha256Hex('other') };
    expect(await plan(wrong)).toMatchObject({
      blocked: ['invalid'],
      steps: [{ issues: [{ code: 'hash_differs' }] }, {}],
    });
    for (const name of ['../x.ts', '.git/hooks/post-checkout', 'a/node_modules/b.js', 'C:x', 'a//b'])
      expect(
        await plan(handlerOf(folder, { more: { files: [{ path: name, sha256: sha256Hex(TAX) }] } }).object),
      ).toMatchObject({ blocked: ['invalid'] });
  });

  test('becomes one of a single file by a save, and its files go with it', async () => {
    const identity = `${folder}/index.ts`;
    const rows = async (): Promise<number> =>
      (await env.DB.prepare('select count(*) as n from handler_files').first<{ n: number }>())!.n;
    const { id } = await firstOf(`/handlers?path=${identity}`);
    const before = await rows();
    await admin('POST', `/handlers/${id}/versions`, { source: 'export default () => 1', deploy: false });
    expect(await rows()).toBe(before);
    await admin('DELETE', `/handlers/${id}/versions/1`);
    expect(await rows()).toBe(before - 1);
  });
});

describe('a Python handler of many files', () => {
  const [folder, path] = [unique('report'), unique('report')];
  const python = openProject(unique('p'), () => token);
  const MAIN = `import tax
from .tax import LOADED, with_tax
from sub.names import title

def result(net):
    return {"total": with_tax(net), "title": title("ada"), "loads": len(LOADED), "same": tax.with_tax is with_tax}
`;
  const TEXTS: Record<string, string> = {
    [`handlers/${folder}/README.md`]: '# Kept, and not run\n',
    [`handlers/${folder}/main.py`]: MAIN,
    [`handlers/${folder}/sub/names.py`]: 'from ..tax import LOADED\n\ndef title(name):\n    return name.title()\n',
    [`handlers/${folder}/tax.py`]: `LOADED = []
LOADED.append(1)

def with_tax(net):
    if net < 0:
        raise ValueError("net is negative")
    return net * 1.2
`,
  };
  const objectOf = (texts: Record<string, string>) => {
    const files = Object.entries(texts).map(([name, text]) => ({ path: name, sha256: sha256Hex(text) }));
    const document = { files, packages: [], tool: 'none' };
    const sha256 = sha256Hex(canonicalJson(document));
    return { kind: 'handler', identity: `${folder}/main.py`, sha256, document, built: null };
  };
  const parameters = [{ name: 'net', type: 'number', required: true }];
  const document = { path, handler: `${folder}/main.py`, access: { level: 'public' }, parameters };
  const endpoint = { kind: 'endpoint', identity: `POST ${path}`, sha256: sha256Hex(canonicalJson(document)), document };
  const push = async (texts: Record<string, string>) => {
    const body = { objects: [objectOf(texts), endpoint] };
    const { body: plan } = await admin('POST', `/projects/${python.name}/plan`, body);
    for (const text of Object.values(texts)) await python.upload(text);
    return admin('POST', `/projects/${python.name}/apply`, { ...body, digest: plan.digest });
  };
  const ask = (net: number) =>
    call(`/u/${path}`, {
      method: 'POST',
      body: JSON.stringify({ net }),
      headers: { 'content-type': 'application/json' },
    });

  test('runs its files as they are: each is one module, by name and relatively, and the stack names them', async () => {
    expect(await push(TEXTS)).toMatchObject({ status: 200, body: { done: true } });
    expect(await (await ask(10)).json()).toEqual({ total: 12, title: 'Ada', loads: 1, same: true });
    const { id } = await runOf(await ask(-1));
    const { error } = (await admin('GET', `/runs/${id}`)).body as { error: { stack: string } };
    expect(error.stack).toContain(`File "handlers/${folder}/tax.py", line 6, in with_tax`);
    expect(error.stack).toContain('raise ValueError("net is negative")');
    expect(error.stack).toContain(`File "handlers/${folder}/main.py", line 6, in result`);
    expect(error.stack).not.toContain('_portico');
  });

  test('is answered with its files, is no change in a second plan, and one file more is a new version', async () => {
    const { document: files, ...known } = objectOf(TEXTS);
    const list = await admin('GET', `/by-path/handler-files/${known.identity}?built=true`);
    expect(list.body).toMatchObject({ built: { document: files, module: null } });
    expect((list.body.files as object[]).length).toBe(4);
    const again = await admin('POST', `/projects/${python.name}/plan`, { objects: [known, endpoint] });
    expect(again.body).toMatchObject({ steps: [], blocked: [] });
    const more = { ...TEXTS, [`handlers/${folder}/unused.py`]: 'X = 1\n' };
    const plan = await admin('POST', `/projects/${python.name}/plan`, { objects: [objectOf(more), endpoint] });
    expect(short(plan.body as never)).toEqual([`change handler ${known.identity}`]);
    expect((plan.body as { need: { blobs: string[] } }).need.blobs).toHaveLength(1);
  });

  test('is refused with the place in the file of a fault, and with files that are not in its folder', async () => {
    const bad = { ...TEXTS, [`handlers/${folder}/tax.py`]: 'def f(:\n' };
    expect(await push(bad)).toMatchObject({
      status: 422,
      body: { errors: [{ message: expect.stringMatching(/^handlers\/.*\/tax\.py:1:7: /) }] },
    });
    expect(await push({ ...TEXTS, 'lib/x.py': '' })).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'outside' }] },
    });
  });
});
