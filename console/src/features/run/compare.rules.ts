import type { Run } from '../../../../src/core/runs/run.schema';
import { isBranch } from '../../kit/json-tree.rules';
import { parse } from './replay.rules';
import { callerText } from './run-list.rules';

/** One value that differs between two runs. undefined: absent there. */
export interface Difference {
  part: 'call' | 'request' | 'steps' | 'response' | 'logs';
  /** A field, a header, a place in a JSON body, or a step. */
  name: string;
  a: string | undefined;
  b: string | undefined;
}

/** Differences that are listed. */
const MAX_LISTED = 200;

type Values = ReadonlyMap<string, string>;
const valuesOf = (entries: Iterable<readonly [string, unknown]>): Values =>
  new Map(
    [...entries].flatMap(([name, value]) =>
      value === null || value === undefined
        ? []
        : [[name, typeof value === 'string' ? value : JSON.stringify(value)] as const],
    ),
  );

/** Returns the leaves of a JSON body by their JSON Pointers; a body of another kind is one value. */
function leavesOf(name: string, body: string | null): Values {
  const value = parse(body);
  if (!isBranch(value)) return valuesOf([[name, body]]);
  const leaves: [string, unknown][] = [];
  const open: [pointer: string, value: unknown][] = [['', value]];
  for (let next = open.pop(); next !== undefined && leaves.length < MAX_LISTED * 10; next = open.pop()) {
    const [pointer, at] = next;
    const children = isBranch(at) ? Object.entries(at) : [];
    if (children.length === 0) leaves.push([`${name} ${pointer || '/'}`, at === null ? 'null' : at]);
    else for (const [key, child] of children.toReversed()) open.push([`${pointer}/${key}`, child]);
  }
  return valuesOf(leaves);
}

/** Returns the values of a run, by part, with those that are comparable between two calls. */
function partsOf(run: Run): Record<Difference['part'], Values> {
  const { request, response } = run;
  return {
    call: valuesOf([
      ['Endpoint', run.endpointPath ?? run.endpointId],
      ['Handler', run.handlerPath],
      ['Version', run.handlerVersion],
      ['Outcome', run.outcome],
      ['Status', run.status],
      ['Caller', callerText(run)],
      ['Runs as', run.executorName ?? run.executor],
      ['Error', run.error && `${run.error.code}: ${run.error.message}`],
      ['Duration', run.durationMs === null ? null : `${Math.round(run.durationMs)} ms`],
    ]),
    request: new Map([
      ...valuesOf([
        ['Method', request.method],
        ['Path', request.path],
        ['Query', request.query],
        ...Object.entries(request.headers).map(([name, value]) => [`Header ${name}`, value] as const),
      ]),
      ...leavesOf('Body', request.body),
    ]),
    // The same step of both: by its id, with its place among those of that id.
    steps: valuesOf(stepsOf(run)),
    response: new Map([
      ...valuesOf(Object.entries(response?.headers ?? {}).map(([name, value]) => [`Header ${name}`, value] as const)),
      ...leavesOf('Body', response?.body ?? null),
    ]),
    logs: valuesOf(run.logs.map(({ level, message }, at) => [`Line ${at + 1}`, `${level} ${message}`] as const)),
  };
}

function stepsOf({ steps }: Run): [string, string][] {
  const seen = new Map<string, number>();
  return steps.map(({ id, outcome, durationMs }) => {
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return [count === 1 ? id : `${id} (${count})`, `${outcome}, ${Math.round(durationMs)} ms`];
  });
}

/** Returns what differs between two runs, by part, in the order of the first one: at most 200. */
export function compareRuns(a: Run, b: Run): Difference[] {
  const [left, right] = [partsOf(a), partsOf(b)];
  return (Object.keys(left) as Difference['part'][])
    .flatMap((part) =>
      [...new Set([...left[part].keys(), ...right[part].keys()])].map((name) => ({
        part,
        name,
        a: left[part].get(name),
        b: right[part].get(name),
      })),
    )
    .filter((one) => one.a !== one.b)
    .slice(0, MAX_LISTED);
}
