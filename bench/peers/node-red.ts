import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callOf, freePort, startNode, waitFor, WORK, type Peer } from './peer.ts';

const FUNCTION = `const { status, body } = global.get('work')(msg.req.headers['x-api-key'], msg.payload);
msg.statusCode = status;
msg.payload = body;
return msg;`;

const FLOW = [
  { id: 'tab', type: 'tab', label: 'bench' },
  { id: 'in', type: 'http in', z: 'tab', url: '/table', method: 'post', wires: [['work']] },
  { id: 'work', type: 'function', z: 'tab', func: FUNCTION, outputs: 1, wires: [['out']] },
  { id: 'out', type: 'http response', z: 'tab', wires: [] },
];

export const nodeRed: Peer = {
  name: 'Node-RED',
  packages: ['node-red@5.0.7'],
  isolates: 'none: node:vm contexts in one process, no limits of time or memory',
  logs: 'nothing',
  start: async (folder) => {
    const port = await freePort();
    const data = join(folder, 'data');
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'flows.json'), JSON.stringify(FLOW));
    const settings = { uiPort: port, uiHost: '127.0.0.1', flowFile: 'flows.json', httpAdminRoot: false, userDir: data };
    const work = `functionGlobalContext: { work: require(${JSON.stringify(WORK)}) }`;
    writeFileSync(join(data, 'settings.js'), `module.exports = { ...${JSON.stringify(settings)}, ${work} };\n`);
    const started = startNode(folder, ['node_modules/node-red/red.js', '--settings', join(data, 'settings.js')]);
    return waitFor(callOf(`http://127.0.0.1:${port}/table`), [started]);
  },
};
