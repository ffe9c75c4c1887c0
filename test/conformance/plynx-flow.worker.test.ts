import { expect, it } from 'vitest';
import { askPlynx, basic, fileForm, graphWith } from '../support/plynx';

/**
 * PLynx's own integration test, step for step: a demo user, a file of 1 to 100, operations Grep (bash) and Sum (Python), and a graph of
 * one file, nine Greps, nine Sums and a final Sum.
 */

const GREP = "cat {{ input['input'] }} | grep '^{{ param['template'] }}' > {{ output['output'] }}\n";
const SUM = `s = 0
for filename in input["input"]:
    with open(filename) as fi:
        s += sum([int(line) for line in fi])
with open(output["output"], "w") as fo:
    fo.write("{}\\n".format(s))
`;

type Doc = Record<string, unknown> & { _id: string };
type Named = { name: string; value: unknown }[];

async function ask(auth: string, method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await askPlynx(method, path, { auth, body });
  expect(answer.status, `${path}: ${answer.text}`).toBe(200);
  return answer.body!;
}

/** A default node of the server, filled in as the client fills it in, and approved. */
async function approved(auth: string, base: string, over: (node: Doc) => Partial<Doc>): Promise<Doc> {
  const { data } = await ask(auth, 'GET', `/nodes/${base}`);
  const fresh = data as Doc;
  const node: Doc = { ...fresh, ...over(fresh), _id: fresh._id };
  expect(await ask(auth, 'POST', '/nodes', { node, action: 'APPROVE' })).toMatchObject({ status: 'SUCCESS' });
  return node;
}

const command = (node: Doc, value: string, mode: string): Named =>
  (node.parameters as Named).map((one) => (one.name === 'cmd' ? { ...one, value: { value, mode } } : one));
const output = [{ name: 'output', file_type: 'file', resource_id: null }];
const input = (max: number) => [{ name: 'input', file_types: ['file'], values: [], min_count: 1, max_count: max }];

it('a graph of nine Greps and ten Sums comes to 5050', { timeout: 120_000 }, async () => {
  const demo = await askPlynx('POST', '/demo');
  expect(demo.body).toMatchObject({
    refresh_token: 'Not assigned',
    username: expect.stringMatching(/^demo-[A-Z0-9]{6}$/),
  });
  const auth = basic(String(demo.body!.access_token));

  const numbers = Array.from({ length: 100 }, (_, at) => `${at + 1}\n`).join('');
  const file = await ask(
    auth,
    'POST',
    '/upload_file',
    fileForm(numbers, { title: 'test', description: 'd', file_type: 'csv' }),
  );
  const grep = await approved(auth, 'bash_jinja2', (node) => ({
    title: 'Grep',
    description: 'Grep node',
    inputs: input(1),
    outputs: output,
    parameters: [
      ...command(node, GREP, 'sh'),
      { name: 'template', parameter_type: 'str', value: '', mutable_type: true, widget: { alias: 'Template' } },
    ],
  }));
  const sum = await approved(auth, 'python', (node) => ({
    title: 'Sum',
    description: 'Sum values',
    inputs: input(-1),
    outputs: output,
    parameters: command(node, SUM, 'python'),
  }));

  const graph = { ...((await ask(auth, 'GET', '/graphs/new')).data as Doc), title: 'Sums', description: 'of digits' };
  await ask(auth, 'POST', '/graphs', { graph, actions: ['SAVE'] });
  const edit = (action: string, body: unknown) => ask(auth, 'POST', `/graphs/${graph._id}/nodes/${action}`, body);
  const insert = async (id: string) => ((await edit('insert_node', { node_id: id })).node as Doc)._id;
  const connect = (from: string, resource: string, to: string) =>
    edit('create_link', { from: { node_id: from, resource }, to: { node_id: to, resource: 'input' } });

  const source = await insert((file.node as Doc)._id);
  const total = await insert(sum._id);
  for (let digit = 1; digit <= 9; digit++) {
    const [greps, sums] = [await insert(grep._id), await insert(sum._id)];
    await edit('change_parameter', { node_id: greps, parameter_name: 'template', parameter_value: String(digit) });
    await connect(source, 'out', greps);
    await connect(greps, 'output', sums);
    await connect(sums, 'output', total);
  }
  const arranged = await ask(auth, 'POST', `/graphs/${graph._id}/rearrange`);
  const saved = await ask(auth, 'POST', '/graphs', { graph: arranged.graph, actions: ['SAVE'] });
  expect(saved).toMatchObject({ status: 'SUCCESS' });
  expect(await ask(auth, 'POST', `/graphs/${graph._id}/approve`)).toMatchObject({
    status: 'SUCCESS',
    graph: { graph_running_status: 'READY' },
  });

  const done = await graphWith(graph._id, undefined, auth);
  expect(done.graph.graph_running_status).toBe('SUCCESS');
  const last = done.graph.nodes.find(({ _id }) => _id === total) as unknown as {
    x: number;
    y: number;
    outputs: { resource_id: string }[];
  };
  expect([last.x, last.y]).toEqual([786, 580]);
  const result = await askPlynx('GET', `/resource/${last.outputs[0]!.resource_id}`, { auth });
  expect(result.text).toBe('5050\n');
});
