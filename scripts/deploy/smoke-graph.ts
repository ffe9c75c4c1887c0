import type { SmokeUser } from './smoke.ts';

interface Parameter {
  name: string;
  value: unknown;
}
type Operation = { parameters: Parameter[] } & { [field: string]: unknown };

/** Every test saves the same document. */
const GRAPH_ID = '5d0000000000000000005e57';
const OPERATION_ID = '5d0000000000000000005e58';

/** Saves a graph of one operation over PLynx's API, as the user. Returns its id. */
export async function saveSmokeGraph(origin: string, { name, password }: SmokeUser): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`${origin}/plynx/api/v0${path}`, {
      method,
      headers: { authorization },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const { data: fresh } = await ask<{ data: Operation }>('GET', '/nodes/bash_jinja2');
  const operation = {
    ...fresh,
    _id: OPERATION_ID,
    title: 'Words',
    node_status: 'READY',
    inputs: [],
    outputs: [{ name: 'out', file_type: 'file', resource_id: null }],
    parameters: fresh.parameters.map((one) => withValue(one)),
  };
  const { graph } = await ask<{ graph: { _id: string } }>('POST', '/graphs', {
    graph: { _id: GRAPH_ID, title: 'Test of a deploy', description: 'Saved by every deploy', nodes: [operation] },
    actions: ['SAVE'],
  });
  return graph._id;
}

/** A node that is not cached, so that every test runs it. */
function withValue(parameter: Parameter): Parameter {
  if (parameter.name === 'cmd')
    return { ...parameter, value: { value: 'echo portico | tr a-z A-Z > {{ output.out }}', mode: 'sh' } };
  return parameter.name === 'cacheable' ? { ...parameter, value: false } : parameter;
}
