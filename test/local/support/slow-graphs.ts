import { vi } from 'vitest';
import { PATIENCE_MS } from './newcomer.ts';

interface Operation {
  parameters: { name: string; value: unknown }[];
  node_running_status: string;
  outputs: { name: string; file_type: string; resource_id: string | null }[];
}

interface Shown {
  graph_running_status: string;
  nodes: Operation[];
}

/** Graphs of two operations at a started service: the first makes something up, the second takes its time and copies it. */
export function slowGraphs(origin: string) {
  /** Asks until the service is not too busy to answer. Throws for every other refusal. */
  async function ask<T>(method: string, path: string, body?: object): Promise<T> {
    const init = { method, ...(body && { body: JSON.stringify(body) }) };
    const send = async () => {
      const response = await fetch(`${origin}/plynx/api/v0${path}`, init);
      return response.status !== 503 && response;
    };
    const response = await vi.waitUntil(send, { timeout: PATIENCE_MS, interval: 500 });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
  const get = async (id: string): Promise<Shown> => (await ask<{ data: Shown }>('GET', `/graphs/${id}`)).data;
  const states = async (id: string): Promise<string> =>
    (await get(id)).nodes.map((node) => node.node_running_status).join();

  async function start(): Promise<string> {
    const { data: fresh } = await ask<{ data: Operation }>('GET', '/nodes/bash_jinja2');
    const operation = (id: string, value: string, from?: string) => ({
      ...fresh,
      _id: id,
      title: id,
      node_status: 'READY',
      inputs: from ? [{ name: 'in', file_types: ['file'], values: [{ node_id: from, output_id: 'out' }] }] : [],
      outputs: [{ name: 'out', file_type: 'file', resource_id: null }],
      parameters: fresh.parameters.map((one) => (one.name === 'cmd' ? { ...one, value: { value, mode: 'sh' } } : one)),
    });
    const [first, second] = ['5d0000000000000000000001', '5d0000000000000000000002'];
    const nodes = [
      // With a text of its own: what an equal operation made would be taken from the cache.
      operation(first, `echo $RANDOM ${crypto.randomUUID()} > {{ output.out }}`),
      operation(second, 'sleep 5; cat {{ input.in }} > {{ output.out }}', first),
    ];
    const { graph } = await ask<{ graph: { _id: string } }>('POST', '/graphs', {
      graph: { title: 'cut', description: 'in the middle', nodes },
      actions: ['APPROVE'],
    });
    return graph._id;
  }

  return {
    get,
    /** Returns the text of a file. */
    file: async (id: string | null | undefined): Promise<string> =>
      (await fetch(`${origin}/plynx/api/v0/resource/${id}`)).text(),
    /** Checks whether the first operation is done and the second still runs. */
    isHalfDone: async (id: string): Promise<boolean> => (await states(id)) === 'SUCCESS,RUNNING',
    /** Starts graphs until one is seen half done: on a busy machine, one may have ended before anybody looked. */
    startHalfDone: async (): Promise<string> => {
      for (;;) {
        const id = await start();
        const hasBegun = async () => {
          const seen = await states(id);
          return seen.startsWith('SUCCESS') && seen;
        };
        const seen = await vi.waitUntil(hasBegun, { timeout: PATIENCE_MS, interval: 100 });
        if (seen === 'SUCCESS,RUNNING') return id;
      }
    },
  };
}
