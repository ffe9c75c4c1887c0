import { beforeAll, describe, expect, test } from 'vitest';
import { callAdmin } from '../../support/admin-api';
import { hashOf, openProject, short, type Folder } from '../../support/project';
import { call, unique } from '../../support/publish';
import { adminToken } from '../../support/sign-in';

let token = '';
beforeAll(async () => {
  token = await adminToken();
});
const admin = (method: string, path: string, body?: unknown) =>
  callAdmin(method, path, { token, ...(body === undefined ? {} : { body }) });
const auditCount = async (): Promise<number> => {
  let [count, cursor] = [0, ''];
  do {
    const { body } = await admin('GET', `/audit?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    count += (body.items as unknown[]).length;
    cursor = (body.nextCursor as string | null) ?? '';
  } while (cursor !== '');
  return count;
};
const open = () => openProject(unique('p'), () => token);

/** One endpoint over one handler, both with names of their own. */
function small(): { folder: Folder; path: string; label: string; handler: string } {
  const path = unique('ep');
  const handler = `${path}/total.js`;
  return {
    path,
    handler,
    label: `endpoint POST ${path}`,
    folder: {
      [`handler ${handler}`]: 'export default ({ amount }) => ({ total: amount })\n',
      [`endpoint POST ${path}`]: {
        path,
        handler,
        title: 'Total',
        access: { level: 'public' },
        parameters: [{ name: 'amount', type: 'number', required: true }],
      },
    },
  };
}
const changed = (folder: Folder, label: string, change: object): Folder => ({
  ...folder,
  [label]: { ...(folder[label] as object), ...change },
});
const idOf = async (path: string): Promise<string> =>
  String((await admin('GET', `/by-path/endpoints/${path}`)).body.id);
const inConsole = async (path: string, change: object): Promise<void> => {
  expect((await admin('PATCH', `/endpoints/${await idOf(path)}`, change)).status).toBe(200);
};
const answerOf = async (path: string, body: object): Promise<unknown> => {
  const response = await call(`/u/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  return response.json();
};

describe('a first push', () => {
  test('makes every kind of object in one folder, and a second one writes nothing', async () => {
    const project = open();
    const { folder, path, label, handler } = small();
    const name = unique('x').replaceAll('-', '_');
    const whole: Folder = {
      ...changed(folder, label, {
        access: { level: 'key-or-authenticated', keys: [name], roles: { names: [name] } },
        secrets: [name.toUpperCase()],
      }),
      [`endpoint GET ${path}/cached`]: {
        path: `${path}/cached`,
        handler: `${path}/total.js`,
        methods: ['GET'],
        cache: { ttlSeconds: 60, vary: ['header:accept-language'] },
        response: { after: [`${path}/total.js`] },
        onError: `${path}/total.js`,
      },
      [`endpoint POST ${path}/cookies`]: {
        path: `${path}/cookies`,
        handler: `${path}/total.js`,
        response: { cookies: ['theme', 'cart'] },
      },
      [`role ${name}`]: { description: 'May order' },
      [`key ${name}`]: {},
      [`secret ${name.toUpperCase()}`]: { description: 'Of a test', roles: [] },
      [`table shop.${name}`]: {
        schema: 'shop',
        name,
        columns: [{ name: 'sku', type: 'text', required: true }],
        read: [name],
      },
    };
    const plan = await project.plan(whole);
    expect(short(plan).toSorted()).toEqual(
      Object.keys(whole)
        .map((one) => `create ${one}`)
        .toSorted(),
    );
    expect([plan.generation, plan.blocked, plan.need.documents, plan.need.blobs.length]).toEqual([0, [], [], 1]);
    const applied = await project.push(whole, { commit: '9f2c11e' });
    expect(applied).toMatchObject({
      generation: 1,
      done: true,
      toSet: { secrets: [name.toUpperCase()], keys: [name] },
    });
    const endpoint = (await admin('GET', `/by-path/endpoints/${path}`)).body;
    expect(endpoint).toMatchObject({ title: 'Total', handler: { path: handler }, secrets: [name.toUpperCase()] });

    const [before, entries] = [await project.state(), await auditCount()];
    const again = await project.plan(whole);
    expect([again.steps, again.unchanged, again.generation, again.lastCommit]).toEqual([[], 8, 1, '9f2c11e']);
    expect((await project.apply(whole, {}, again.digest)).body).toMatchObject({
      generation: 1,
      applied: [],
      done: true,
    });
    expect([(await project.state()).body, await auditCount()]).toEqual([before.body, entries]);
  });

  test('needs no document that was sent before, and names those that it needs', async () => {
    const project = open();
    const { folder, label } = small();
    await project.push(folder);
    const objects = Object.keys(folder).map((one) => ({
      kind: one.slice(0, one.indexOf(' ')),
      identity: one.slice(one.indexOf(' ') + 1),
      sha256: hashOf(folder[one]!),
    }));
    expect((await admin('POST', `/projects/${project.name}/plan`, { objects })).body).toMatchObject({
      steps: [],
      unchanged: 2,
    });
    const without = await admin('POST', `/projects/${unique('none')}/plan`, {
      objects: [{ kind: 'endpoint', identity: label.slice(9), sha256: 'a'.repeat(64) }],
    });
    expect(without.body).toMatchObject({ blocked: ['need'], need: { documents: [label] } });
  });

  test('takes documents from uploads, each by its hash, and asks for those that no upload has', async () => {
    const [project, other] = [open(), open()];
    const { folder, label } = small();
    const documents = [{ description: 'not in the folder' }, folder[label]!];
    const list = JSON.stringify(documents);
    const objects = Object.entries(folder).map(([one, content]) => ({
      kind: one.slice(0, one.indexOf(' ')),
      identity: one.slice(one.indexOf(' ') + 1),
      sha256: hashOf(content),
    }));
    const planOf = (text: string) =>
      admin('POST', `/projects/${project.name}/plan`, { objects, documents: [hashOf(text)] });
    expect((await planOf(list)).body).toMatchObject({ blocked: ['need'], need: { documents: [label] } });
    await project.upload(list);
    await project.upload(folder[objects[0]!.kind + ' ' + objects[0]!.identity] as string);
    const { body: plan } = await planOf(list);
    expect(plan).toMatchObject({ blocked: [], need: { documents: [], blobs: [] } });
    const applied = await admin('POST', `/projects/${project.name}/apply`, {
      objects,
      documents: [hashOf(list)],
      digest: plan.digest,
    });
    expect(applied.body).toMatchObject({ generation: 1, done: true });
    expect((await other.plan(folder)).steps.map(({ action }) => action)).toEqual(['adopt', 'adopt']);
    for (const text of ['[{}', '['.repeat(70), '[{"a":1,"a":2}]']) {
      await project.upload(text);
      expect([text, (await planOf(text)).body]).toMatchObject([text, { errors: [{ pointer: '#/documents/0' }] }]);
    }
  });

  test('has schedules, alerts, issuers and signatures of endpoints, merged by the names of schedules', async () => {
    const project = open();
    const { folder, label, path } = small();
    const name = unique('x').replaceAll('-', '_');
    const secret = name.toUpperCase();
    const night = { name: 'night', cron: '0 2 * * *', zone: 'Europe/Berlin', parameters: { amount: 1 } };
    const whole: Folder = {
      ...changed(folder, label, {
        access: {
          level: 'authenticated',
          issuers: [
            {
              name: 'auth0',
              issuer: 'https://shop.eu.auth0.com/',
              audience: ['https://api.example.com'],
              roles: { claim: 'roles', map: { Buyer: name } },
            },
          ],
        },
        secrets: [secret],
        alert: { url: 'https://hooks.example.com/portico', secret, failures: 5 },
        schedules: [night],
      }),
      [`endpoint POST ${path}/hook`]: {
        path: `${path}/hook`,
        handler: `${path}/total.js`,
        secrets: [secret],
        access: { level: 'public', signature: { kind: 'github', secret } },
      },
      [`role ${name}`]: { description: 'May order' },
      [`secret ${secret}`]: {},
    };
    await project.push(whole);
    const entries = await auditCount();
    expect((await project.plan(whole)).steps).toEqual([]);
    await project.push(whole);
    expect(await auditCount()).toBe(entries);
    const { id, ...endpoint } = (await admin('GET', `/by-path/endpoints/${path}`)).body as {
      id: string;
      schedules: object[];
    };
    const noon = { name: 'noon', cron: '0 12 * * *', parameters: { amount: 2 } };
    expect((await admin('PATCH', `/endpoints/${id}`, { schedules: [...endpoint.schedules, noon] })).status).toBe(200);
    const late = changed(whole, label, { schedules: [{ ...night, cron: '0 3 * * *' }] });
    const merged = await project.plan(late);
    expect(merged.steps).toMatchObject([{ action: 'merge', changes: { 'schedules.night.cron': { to: '0 3 * * *' } } }]);
    await project.push(late);
    const { schedules } = (await admin('GET', `/by-path/endpoints/${path}`)).body;
    expect(schedules).toMatchObject([{ ...night, cron: '0 3 * * *' }, noon]);
    const { [`endpoint POST ${path}/hook`]: _hook, ...rest } = late;
    expect(short(await project.plan({ ...rest, [label]: late[label]! }, { prune: true }))).toContain(
      `delete endpoint POST ${path}/hook`,
    );
    const exported = (await admin('GET', '/export?limit=100')).body.items as { identity: string; document?: object }[];
    expect(exported.find(({ identity }) => identity === `POST ${path}`)!.document).toMatchObject({
      alert: { secret, failures: 5 },
      schedules: [{ name: 'night' }, { name: 'noon' }],
      access: { issuers: [{ name: 'auth0' }] },
    });
  });

  test('order of members and lists is no change', async () => {
    const project = open();
    const { folder, label } = small();
    const one = changed(folder, label, { egress: ['b.example.com', 'a.example.com'], methods: ['POST'] });
    await project.push(one);
    const { handler, path, ...rest } = one[label] as { handler: string; path: string };
    const two = {
      ...one,
      [label]: { ...rest, egress: ['a.example.com', 'b.example.com', 'a.example.com'], limits: {}, path, handler },
    };
    const entries = await auditCount();
    expect(short(await project.plan(two))).toEqual([`adopt ${label}`]);
    await project.push(two);
    expect([(await project.plan(two)).steps, await auditCount()]).toEqual([[], entries]);
  });
});

describe('the three-way comparison', () => {
  const titles = (title: string) => ({ title });
  const pushed = async () => {
    const project = open();
    const made = small();
    await project.push(made.folder);
    return { project, ...made, with: (title: string) => changed(made.folder, made.label, titles(title)) };
  };

  test('base A, service A, folder B: a change', async () => {
    const { project, path, label, with: as } = await pushed();
    const plan = await project.plan(as('New'));
    expect(plan.steps).toMatchObject([{ action: 'change', changes: { title: { from: 'Total', to: 'New' } } }]);
    await project.push(as('New'));
    expect((await admin('GET', `/by-path/endpoints/${path}`)).body).toMatchObject({ title: 'New', revision: 2 });
    expect(short(await project.plan(as('New')))).toEqual([]);
    expect(label).toContain(path);
  });

  test('base A, service B, folder A: drift, kept and shown with its author, until the folder is to win', async () => {
    const { project, path, label, folder } = await pushed();
    await inConsole(path, titles('Theirs'));
    const plan = await project.plan(folder);
    expect(plan).toMatchObject({
      blocked: [],
      steps: [
        {
          action: 'drift',
          allows: 'over',
          changes: { title: { from: 'Total', to: 'Theirs' } },
          changedBy: { actor: 'signed-in-admin' },
        },
      ],
    });
    await project.push(folder);
    expect((await admin('GET', `/by-path/endpoints/${path}`)).body.title).toBe('Theirs');
    await project.push(folder, { over: [label] });
    expect((await admin('GET', `/by-path/endpoints/${path}`)).body.title).toBe('Total');
    expect(short(await project.plan(folder))).toEqual([]);
  });

  test('base A, service B, folder B: only the base moves, and a folder that still has A is behind', async () => {
    const { project, path, label, folder, with: as } = await pushed();
    await inConsole(path, titles('Same'));
    expect(short(await project.plan(as('Same')))).toEqual([`adopt ${label}`]);
    expect((await project.push(as('Same'))).generation).toBe(2);
    expect((await project.plan(folder, { generation: 1 })).blocked).toEqual(['stale']);
    const entries = await auditCount();
    expect((await project.push(as('Same'))).generation).toBe(2);
    expect([short(await project.plan(as('Same'))), await auditCount()]).toEqual([[], entries]);
  });

  test('base A, service B, folder C in other fields: merged; the service keeps both', async () => {
    const { project, path, label, with: as } = await pushed();
    await inConsole(path, { limits: { timeoutMs: 2000 } });
    expect(short(await project.plan(as('Mine')))).toEqual([`merge ${label}`]);
    await project.push(as('Mine'));
    expect((await admin('GET', `/by-path/endpoints/${path}`)).body).toMatchObject({
      title: 'Mine',
      limits: { timeoutMs: 2000 },
    });
    expect((await project.plan(as('Mine'))).steps).toMatchObject([
      { action: 'drift', changes: { limits: { to: { timeoutMs: 2000 } } } },
    ]);
  });

  test('base A, service B, folder C in one field: a conflict with all three', async () => {
    const { project, path, label, with: as } = await pushed();
    await inConsole(path, titles('Theirs'));
    const plan = await project.plan(as('Mine'));
    expect(plan).toMatchObject({
      blocked: ['conflict'],
      steps: [
        {
          reason: 'both_changed',
          allows: 'over',
          conflicts: { title: { base: 'Total', here: 'Mine', there: 'Theirs' } },
        },
      ],
    });
    const refused = await project.apply(as('Mine'), {}, plan.digest);
    expect([refused.status, refused.body.code]).toEqual([409, 'plan_blocked']);
    await project.push(as('Mine'), { over: [label] });
    expect((await admin('GET', `/by-path/endpoints/${path}`)).body.title).toBe('Mine');
  });

  test('no base, service B, folder B or C: adopted, or a conflict until it is', async () => {
    const { folder, label, with: as } = await pushed();
    const other = open();
    expect(short(await other.plan(folder)).map((step) => step.split(' ')[0])).toEqual(['adopt', 'adopt']);
    const plan = await other.plan(as('Other'));
    expect(plan.steps[1]).toMatchObject({ action: 'conflict', reason: 'not_of_this_project', allows: 'adopt' });
    await other.push(as('Other'), { adopt: [label] });
    expect(short(await other.plan(as('Other')))).toEqual([]);
  });

  test('base A, service A, not in the folder: left alone without prune, removed with it', async () => {
    const { project, path, label, handler, folder } = await pushed();
    expect(short(await project.plan({}))).toEqual([`left handler ${handler}`, `left ${label}`]);
    await project.push({});
    expect((await admin('GET', `/by-path/endpoints/${path}`)).status).toBe(200);
    await project.push({}, { prune: true });
    expect((await admin('GET', `/by-path/endpoints/${path}`)).status).toBe(404);
    expect((await admin('GET', `/by-path/handlers/${handler}`)).status).toBe(404);
    expect(short(await project.plan({}, { prune: true }))).toEqual([]);
    expect(folder[label]).toBeDefined();
  });

  test('base A, service B, not in the folder: a conflict, with prune or without', async () => {
    const { project, path, label, handler, folder } = await pushed();
    await inConsole(path, titles('Theirs'));
    const rest = { [`handler ${handler}`]: folder[`handler ${handler}`]! };
    const plan = await project.plan(rest, { prune: true });
    expect(plan.steps).toMatchObject([{ action: 'conflict', reason: 'removed_here_changed_there', allows: 'over' }]);
    await project.push(rest, { over: [label] });
    expect((await admin('GET', `/by-path/endpoints/${path}`)).status).toBe(404);
  });

  test('base A, deleted in the service, folder A or B: shown, and made again when asked', async () => {
    const { project, path, label, folder, with: as } = await pushed();
    await admin('DELETE', `/endpoints/${await idOf(path)}`);
    expect((await project.plan(folder)).steps).toMatchObject([{ action: 'deleted', allows: 'restore' }]);
    expect((await project.plan(as('New'))).steps).toMatchObject([
      { reason: 'deleted_there_changed_here', allows: 'restore' },
    ]);
    await project.push(folder, { restore: [label] });
    expect((await admin('GET', `/by-path/endpoints/${path}`)).status).toBe(200);
    expect(short(await project.plan(folder))).toEqual([]);
  });

  test('base A, gone on both sides: forgotten', async () => {
    const { project, path, label, handler, folder } = await pushed();
    await admin('DELETE', `/endpoints/${await idOf(path)}`);
    const rest = { [`handler ${handler}`]: folder[`handler ${handler}`]! };
    expect(short(await project.plan(rest))).toEqual([`forget ${label}`]);
    await project.push(rest);
    expect(short(await project.plan(rest))).toEqual([]);
  });

  test('what no push made is never listed and never touched', async () => {
    const { path } = await pushed();
    expect(short(await open().plan({}, { prune: true }))).toEqual([]);
    expect((await admin('GET', `/by-path/endpoints/${path}`)).status).toBe(200);
  });
});

describe('renames', () => {
  test('a path, a parameter and a handler keep what they are', async () => {
    const project = open();
    const { folder, path, label, handler } = small();
    await project.push(folder);
    const id = await idOf(path);
    const [to, moved] = [`${path}-new`, `${path}/sum.js`];
    const renamed: Folder = {
      [`handler ${moved}`]: 'export default ({ price }) => ({ total: price })\n',
      [`endpoint POST ${to}`]: {
        ...(folder[label] as object),
        path: to,
        was: path,
        handler: moved,
        parameters: [{ name: 'price', was: 'amount', type: 'number', required: true }],
      },
    };
    const options = { moved: [{ handler, to: moved }] };
    expect((await project.plan(renamed, options)).steps).toMatchObject([
      { action: 'change', identity: moved, from: handler },
      { action: 'change', identity: `POST ${to}`, from: `POST ${path}` },
    ]);
    await project.push(renamed, options);
    expect(await idOf(to)).toBe(id);
    expect((await admin('GET', `/by-path/endpoints/${to}`)).body.parameters).toMatchObject([
      { name: 'price', aliases: [{ name: 'amount', version: 1 }] },
    ]);
    expect([await answerOf(to, { price: 3 }), await answerOf(to, { amount: 4 })]).toEqual([{ total: 3 }, { total: 4 }]);
    expect(short(await project.plan(renamed, options))).toEqual([]);
    const { was: _was, ...without } = renamed[`endpoint POST ${to}`] as { was: string };
    const later = { ...renamed, [`endpoint POST ${to}`]: without };
    expect(short(await project.plan(later))).toEqual([`adopt endpoint POST ${to}`]);
  });

  test('a method more is the same endpoint', async () => {
    const project = open();
    const { folder, path, label } = small();
    await project.push(folder);
    const id = await idOf(path);
    const { [label]: document, ...rest } = folder;
    const more = { ...rest, [`endpoint POST,PUT ${path}`]: { ...(document as object), methods: ['PUT', 'POST'] } };
    await project.push(more);
    expect([await idOf(path), short(await project.plan(more))]).toEqual([id, []]);
  });

  test('a rename that is not written is asked about before anything is lost', async () => {
    const project = open();
    const { folder, handler, label } = small();
    await project.push(folder);
    const moved = handler.replace('total', 'sum');
    const guessed: Folder = {
      [`handler ${moved}`]: folder[`handler ${handler}`]!,
      [label]: { ...(folder[label] as object), handler: moved },
    };
    const plan = await project.plan(guessed, { prune: true });
    expect(plan.blocked).toEqual(['loss']);
    const { word } = plan.steps.find(({ losses }) => losses)!.losses![0]!;
    expect(word).toBe(`not-renamed handler ${moved}`);
    expect((await project.plan(guessed, { prune: true, allow: [word] })).blocked).toEqual([]);
  });

  test('a table, a column and a key keep rows and values', async () => {
    const project = open();
    const name = unique('t').replaceAll('-', '_');
    const columns = [
      { name: 'qty', type: 'integer' },
      { name: 'old', type: 'text' },
    ];
    await project.push({ [`table public.${name}`]: { name, columns }, [`key ${name}`]: {} });
    const { id } = (await admin('GET', `/by-path/tables/${name}`)).body;
    expect((await admin('POST', `/tables/${String(id)}/rows`, { rows: [{ qty: 3, old: 'x' }] })).status).toBe(201);
    const renamed: Folder = {
      [`table public.${name}_2`]: {
        name: `${name}_2`,
        was: name,
        columns: [{ name: 'quantity', was: 'qty', type: 'integer' }],
      },
      [`key ${name}-2`]: { was: name },
    };
    const plan = await project.plan(renamed);
    expect(plan).toMatchObject({
      blocked: ['loss'],
      steps: [{ from: `public.${name}`, losses: [{ word: `drop-data public.${name}` }] }, { from: name }],
    });
    await project.push(renamed, { allow: [`drop-data public.${name}`] });
    const rows = (await admin('GET', `/tables/${String(id)}/rows`)).body.items as object[];
    expect(rows).toMatchObject([{ quantity: 3 }]);
    expect(short(await project.plan(renamed))).toEqual([]);
  });
});
