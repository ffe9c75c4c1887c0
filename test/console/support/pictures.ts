/**
 * `node test/console/support/pictures.ts` makes the pictures of the README, in docs/images: the console at a service with the objects of the
 * tests.
 */
import { mkdirSync } from 'node:fs';
import { evaluate } from './axe.ts';
import { house } from './stage.ts';

const FOLDER = 'docs/images';
if (house === null) process.exit(1);
const { stage, browser, close } = house;
const context = await browser.newContext({ viewport: { width: 1200, height: 640 }, reducedMotion: 'reduce' });
const page = await context.newPage();
await page.goto(`${stage.origin}/console/`);
await page.getByLabel('Name').fill('admin');
await page.getByLabel('Password').fill(stage.password);
await page.getByRole('button', { name: 'Sign in' }).click();
await page.getByRole('heading', { name: 'Overview' }).waitFor();

/** Runs the draft of the tests with its two nodes linked, and returns its id. */
const RUN = `(async () => {
  const send = async (method, path, body) => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch('/admin' + path, { method, headers, body: body && JSON.stringify(body) })).json();
  };
  const { nodes } = await send('GET', '/graphs/${stage.graphId}');
  for (const node of nodes) node.description = 'An operation of the tests';
  nodes[1].inputs[0].values = [{ node_id: nodes[0]._id, output_id: 'out' }];
  const { id } = await send('POST', '/graphs', { title: 'Words in upper case', description: 'Two operations', nodes });
  await send('POST', '/graphs/' + id + '/run', {});
  return id;
})()`;
const CALL = `fetch('/u/order', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"quantity":50}' })
  .then((response) => response.headers.get('x-run-id'))`;
/** Takes away what only tests need, and calls some endpoints until the log has it. */
const CALLS = `(async () => {
  const read = async (path) => (await fetch('/admin' + path)).json();
  const [hostile] = (await read('/endpoints?q=hostile')).items;
  await fetch('/admin/endpoints/' + hostile.id, { method: 'DELETE', headers: { 'if-match': '"' + hostile.revision + '"' } });
  const post = (path, body) => fetch('/u/' + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  for (let i = 0; i < 12; i++) await Promise.all([post('order', '{"quantity":' + (i % 6 ? 2 : 50) + '}'), post('open', '{"amount":3}')]);
  while ((await read('/runs?limit=100&endpoint=open')).items.length < 12);
})()`;
await evaluate(page, CALLS);
const runId = await evaluate<string>(page, CALL);
const graphId = await evaluate<string>(page, RUN);

const PICTURES: readonly (readonly [name: string, path: string, ready: string])[] = [
  ['endpoints', '/endpoints', 'Price of an order'],
  ['workflow', `/handlers/${stage.workflowId}?step=refuse`, 'When /u/order is called'],
  ['run', `/runs/${runId}`, 'the warehouse has no such quantity'],
  ['graph', `/graphs/${graphId}?node=5d27b8dd50e56dbbce063441`, 'Approved, read-only. 2 of 2'],
];
mkdirSync(FOLDER, { recursive: true });
for (const [name, path, ready] of PICTURES) {
  await page.goto(`${stage.origin}/console${path}`);
  await page.getByText(ready).first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
}
await close();
