/**
 * `npm run bench:peers -- [--only n8n,node-red] [--rounds 5]`: the same work and the same key check on Portico and on other products, in
 * turns. Installs them from npm into .bench-peers/. A product that cannot be installed or started is reported and left out.
 */
import { parseArgs } from 'node:util';
import { startGenerator } from '../load/generator.ts';
import { GOAL_CONNECTIONS } from '../options.ts';
import { runHeat } from '../race.ts';
import { heatTitle } from '../report/results.ts';
import { heatTable, table } from '../report/tables.ts';
import { lineUp, type Subject } from '../scenarios/line-up.ts';
import { pooled } from '../scenarios/pooled.ts';
import { openPortico } from '../service/portico.ts';
import { serve } from '../service/serve.ts';
import { n8n } from './n8n.ts';
import { nodeRed } from './node-red.ts';
import { parseServer } from './parse-server.ts';
import { install, type Peer, type Running } from './peer.ts';

const PEERS: Record<string, Peer> = { 'node-red': nodeRed, 'parse-server': parseServer, n8n };
const PORTICO = {
  isolates: 'a V8 isolate per endpoint, with limits of time, processor time and requests',
  logs: 'request, response, times and output of each call, redacted, in its run log',
};

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const { values } = parseArgs({ options: { only: { type: 'string' }, rounds: { type: 'string', default: '5' } } });
const chosen = Object.entries(PEERS).filter(([name]) => values.only?.split(',').includes(name) ?? true);

/** Installs and starts peers. Returns those that answer. */
async function startAll(): Promise<{ peer: Peer; running: Running }[]> {
  const started: { peer: Peer; running: Running }[] = [];
  for (const [name, peer] of chosen) {
    try {
      say(`${peer.name}: installing`);
      const folder = install(name, peer.packages);
      say(`${peer.name}: starting`);
      started.push({ peer, running: await peer.start(folder) });
    } catch (error) {
      say(`${peer.name} is left out: ${String(error)}`);
    }
  }
  return started;
}

const started = await startAll();
const served = await serve({ floors: ['dynamic-worker'] });
const generator = startGenerator();
try {
  const { subjects: own } = await lineUp({ served, portico: await openPortico(served.portico) }, [pooled]);
  const peers = started.map(({ peer, running }): Subject => ({
    name: peer.name,
    title: `${peer.name}, ${peer.packages.join(', ')}`,
    target: running.target,
    floor: own[0]!.name,
    connections: null,
    served: running,
  }));
  const plan = { connections: GOAL_CONNECTIONS, rounds: Number(values.rounds), warmupMs: 1000, measureMs: 6000 };
  const heat = await runHeat(generator, [...own, ...peers], plan, say);
  const rows = started.map(({ peer }) => [peer.name, peer.isolates, peer.logs]);
  const what = table(['product', 'isolates', 'logs'], [['Portico', PORTICO.isolates, PORTICO.logs], ...rows], 3);
  process.stdout.write(`${heatTitle(heat)}\n${heatTable(heat)}\n\n${what}\n`);
} finally {
  generator.stop();
  for (const { running } of started) running.stop();
  await served.stop();
}
