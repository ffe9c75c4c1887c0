import { Agent } from 'node:http';
import { GOAL_CONNECTIONS } from '../options.ts';
import type { Target } from '../load/types.ts';
import { measure, type Figures } from '../measure.ts';
import { cpuOf } from '../race.ts';
import { median } from '../report/statistics.ts';
import { openPortico, type Portico } from '../service/portico.ts';
import { serve } from '../service/serve.ts';
import { PARAMETERS, post } from './people.ts';
import { fact, type Bench, type Finding, type Trial } from './scenario.ts';
import { timeOf } from './time-of.ts';

const WARM_GOAL = 2;
const COLD_GOAL_MS = 250;

const JAVASCRIPT = 'export default function greet({ name1, name2 }) {\n  return { hello: name1, and: name2 };\n}\n';
const PYTHON = 'def greet(name1, name2):\n    return {"hello": name1, "and": name2}\n\n\nresult = greet\n';

/** The cost of Python beside the equal JavaScript. A service of its own: each Python endpoint that was called holds some 100 MB. */
export const python: Trial = {
  kind: 'trial',
  name: 'python',
  title: 'Python beside the equal JavaScript',
  seconds: { quick: null, full: 80 },
  run: async ({ generator, quick }) => {
    const served = await serve({ floors: [] });
    try {
      const portico = await openPortico(served.portico);
      const { id, key } = await portico.createKey('bench python');
      await portico.createHandler('bench/greet.js', JAVASCRIPT);
      await portico.createHandler('bench/greet.py', PYTHON);
      const publish = publisher(portico, id, key);
      const [js, py] = [await publish('greet.js'), await publish('greet.py')];
      const bench = { served, portico, generator, quick };
      const cold = [
        await firstCalls(publish, 'greet.js', quick ? 3 : 8),
        await firstCalls(publish, 'greet.py', quick ? 3 : 8),
      ];
      return [
        ...(await warm(bench, 1, js, py)),
        ...(await warm(bench, GOAL_CONNECTIONS, js, py)),
        ...judgeCold(cold[0]!, cold[1]!),
      ];
    } finally {
      await served.stop();
    }
  },
};

type Publish = (handler: string) => Promise<Target>;

/** Returns a function that publishes a handler under a new path: its first call starts an isolate. */
function publisher(portico: Portico, keyId: string, key: string): Publish {
  let count = 0;
  return async (handler) => {
    const input = { path: `python-${count++}`, keys: [keyId], parameters: PARAMETERS };
    const { url } = await portico.createEndpoint(`bench/${handler}`, input);
    return post(url, key);
  };
}

async function warm(bench: Bench, connections: number, js: Target, py: Target): Promise<Finding[]> {
  const order = { connections, warmupMs: 500, measureMs: bench.quick ? 700 : 1500 };
  const rounds: { js: Figures; py: Figures }[] = [];
  for (let round = 0; round < (bench.quick ? 3 : 5); round++) {
    const base = await measure(bench, { ...order, target: js }, true);
    rounds.push({ js: base, py: await measure(bench, { ...order, target: py }, true) });
  }
  const p50 = median(rounds.map((round) => round.py.p50 / round.js.p50));
  const [own, base] = [cpuOf(rounds.map((round) => round.py)), cpuOf(rounds.map((round) => round.js))];
  const at = `of a warm call, ${connections} at once`;
  return [
    fact(`p50 ${at}`, `${p50.toFixed(2)} times`),
    ...(own === null || base === null ? [] : [judgeWarm(`processor time ${at}`, own / base)]),
  ];
}

const judgeWarm = (what: string, times: number): Finding => ({
  what,
  value: `${times.toFixed(2)} times`,
  goal: `at most ${WARM_GOAL} times`,
  met: times <= WARM_GOAL,
});

async function firstCalls(publish: Publish, handler: string, count: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(await timeOf(await publish(handler), agent));
  agent.destroy();
  return median(times);
}

const judgeCold = (jsMs: number, pyMs: number): Finding[] => [
  fact('first call of a JavaScript endpoint, median', `${jsMs.toFixed(1)} ms`),
  {
    what: 'first call of a Python endpoint, median',
    value: `${pyMs.toFixed(0)} ms`,
    goal: `at most ${COLD_GOAL_MS} ms`,
    met: pyMs <= COLD_GOAL_MS,
  },
];
