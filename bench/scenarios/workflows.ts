import { measure, type Figures } from '../measure.ts';
import type { Target } from '../load/types.ts';
import { GOAL_CONNECTIONS } from '../options.ts';
import { cpuOf } from '../race.ts';
import { median } from '../report/statistics.ts';
import { PARAMETERS, post } from './people.ts';
import type { Bench, Finding, Trial } from './scenario.ts';

const SETS = 10;

const ANSWER = { $: '({ hello: params.name1, and: params.name2 })' };
const respond = (body: object): object => ({ id: 'answer', do: 'respond', body });
const sets = Array.from({ length: SETS }, (_, n) => ({
  id: `set${n}`,
  do: 'set',
  name: `v${n}`,
  value: { $: `params.name1.length + ${n}` },
}));

/** The same work three times: as plain JavaScript that takes the request as a workflow does, and as workflows. */
const PLAIN = `export async function handler(request, { params }) {
  return [{ hello: params.name1, and: params.name2 }, 200, {}];
}
`;
const PLAIN_SETS = `export async function handler(request, { params }) {
  const vars = {};
  ${sets.map(({ name }, n) => `vars.${name} = params.name1.length + ${n};`).join('\n  ')}
  return [{ hello: params.name1, and: params.name2, last: vars.v${SETS - 1} }, 200, {}];
}
`;
const ONE = JSON.stringify({ kind: 'workflow', steps: [respond(ANSWER)] });
const TEN = JSON.stringify({
  kind: 'workflow',
  steps: [...sets, respond({ $: `({ hello: params.name1, and: params.name2, last: vars.v${SETS - 1} })` })],
});

/** The cost of workflow steps beside the same work in plain JavaScript: checked parameters, and a run with every step. */
export const workflows: Trial = {
  kind: 'trial',
  name: 'workflows',
  title: 'Workflows beside the equal JavaScript handlers',
  seconds: { quick: null, full: 60 },
  run: async (bench) => {
    const { id, key } = await bench.portico.createKey('bench workflows');
    const publish = async (path: string, file: string, source: string): Promise<Target> => {
      await bench.portico.createHandler(`bench/${file}`, source);
      const { url } = await bench.portico.createEndpoint(`bench/${file}`, { path, keys: [id], parameters: PARAMETERS });
      return post(url, key);
    };
    const plain = await publish('wf-plain', 'wf-plain.js', PLAIN);
    const plainSets = await publish('wf-plain-sets', 'wf-plain-sets.js', PLAIN_SETS);
    const one = await publish('wf-one', 'wf-one.workflow.json', ONE);
    const ten = await publish('wf-ten', 'wf-ten.workflow.json', TEN);
    return [
      await compare(bench, 'one respond step', one, plain, 1.3),
      await compare(bench, `${SETS} set steps and respond`, ten, plainSets, 1.5),
    ];
  },
};

/** Processor time of the one in that of the other; requests per second where processor time is not available. */
async function compare(bench: Bench, what: string, ours: Target, plain: Target, goal: number): Promise<Finding> {
  const order = { connections: GOAL_CONNECTIONS, warmupMs: 500, measureMs: bench.quick ? 700 : 1200 };
  const rounds: { base: Figures; own: Figures }[] = [];
  for (let round = 0; round < (bench.quick ? 3 : 5); round++) {
    const base = await measure(bench, { ...order, target: plain }, true);
    rounds.push({ base, own: await measure(bench, { ...order, target: ours }, true) });
  }
  const [own, base] = [cpuOf(rounds.map((round) => round.own)), cpuOf(rounds.map((round) => round.base))];
  const rate = median(rounds.map((round) => round.base.perSecond / round.own.perSecond));
  const ratio = own === null || base === null ? rate : own / base;
  return { what: `cost of ${what}`, value: ratio.toFixed(2), goal: `at most ${goal}`, met: ratio <= goal };
}
