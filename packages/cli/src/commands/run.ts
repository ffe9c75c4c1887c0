import { readLossless } from '../../../../src/kernel/json-loss.rules.ts';
import type { Call, Command } from '../command.ts';
import { EXIT, Failure, type Exit } from '../failure.ts';
import { printable } from '../io.ts';
import type { Service } from '../service/client.ts';
import { openTarget, showRun, type RunSummary } from './runs.ts';

interface TestResult {
  run: RunSummary;
  response: { status: number; body?: string; base64?: string };
  accessSkipped: string | null;
}

export const run: Command = {
  args: '<endpoint> [name=value ...]',
  count: [1, 100],
  about:
    'Runs an endpoint once, with the `test` values of its parameters and those that are given, as JSON or text. Rows that it writes stay.\n' +
    "An endpoint is its path, or method and path: portico run 'GET orders'.",
  options: {
    schedule: {
      type: 'string',
      value: 'name',
      help: 'Run this schedule of the endpoint now, with its parameters, as its time would',
    },
  },
  run: async (call) => {
    const { service } = await openTarget(call);
    const [endpoint = '', ...pairs] = call.args;
    const schedule = call.text('schedule');
    if (schedule !== undefined) return runSchedule(call, service, { endpoint, schedule, pairs });
    const parameters = Object.fromEntries(pairs.map(toParameter));
    const found = await findEndpoint(service, endpoint);
    for (const name of undeclaredOf(found, Object.keys(parameters)))
      call.io.note(`${found.path} declares no parameter ${name}: it is sent as a field of the body`);
    const result = await testFound(service, found.id, parameters);
    const { run: record, response, accessSkipped } = result;
    call.io.say(printable(response.body ?? response.base64 ?? ''));
    if (accessSkipped !== null) call.io.note(`A live call would be refused: ${accessSkipped}`);
    showRun(call.io, record);
    call.io.result(result);
    return response.status < 400 ? EXIT.done : EXIT.failed;
  },
};

interface ScheduleCall {
  endpoint: string;
  schedule: string;
  pairs: string[];
}

async function runSchedule(call: Call, service: Service, { endpoint, schedule, pairs }: ScheduleCall): Promise<Exit> {
  if (pairs.length > 0)
    throw new Failure('a schedule has its own parameters: leave out those of --schedule', EXIT.usage);
  const { id } = await findEndpoint(service, endpoint);
  const at = `/admin/endpoints/${id}/schedules/${encodeURIComponent(schedule)}/run`;
  const result = await service.json<{ runId: string; status: number }>('POST', at);
  call.io.say(`${result.status} ${result.runId}`);
  call.io.result(result);
  return result.status < 400 ? EXIT.done : EXIT.failed;
}

/** Runs an endpoint, by its path or its methods and path, with the `test` values of its parameters where none are given. */
export async function testEndpoint(service: Service, endpoint: string, parameters: object = {}): Promise<TestResult> {
  return testFound(service, (await findEndpoint(service, endpoint)).id, parameters);
}

const testFound = (service: Service, id: string, parameters: object): Promise<TestResult> =>
  service.json<TestResult>('POST', `/admin/endpoints/${id}/test`, { parameters, skipAccess: true });

/** An endpoint, as far as a run needs it. */
interface Called {
  id: string;
  path: string;
  parameters: { name: string; sentAs?: string | null; aliases?: string[] }[];
}

/** Returns the names that an endpoint with declared parameters does not declare. */
export function undeclaredOf({ path, parameters }: Omit<Called, 'id'>, names: readonly string[]): string[] {
  if (parameters.length === 0) return [];
  const declared = new Set([
    ...parameters.flatMap(({ name, sentAs, aliases = [] }) => [name, sentAs, ...aliases]),
    ...path.split('/').map((segment) => segment.replace(/^:/, '')),
  ]);
  return names.filter((name) => !declared.has(name));
}

/** Finds an endpoint by its path, or its methods and path. */
async function findEndpoint(service: Service, endpoint: string): Promise<Called> {
  const [, method, path] = /^(?:([A-Z]+)(?:,[A-Z]+)* )?(.+)$/.exec(endpoint) ?? [];
  if (path === undefined) throw new Failure('expected the path of an endpoint', EXIT.usage);
  const query = method === undefined ? '' : `?method=${method}`;
  return service.json<Called>('GET', `/admin/by-path/endpoints/${encodeURI(path)}${query}`);
}

export function toParameter(pair: string): [string, unknown] {
  const at = pair.indexOf('=');
  if (at < 1) throw new Failure(`${pair} is not name=value`, EXIT.usage);
  const text = pair.slice(at + 1);
  // A value that JSON would change is sent as text, and the service refuses it with the reason.
  const read = readLossless(text);
  return [pair.slice(0, at), 'value' in read ? read.value : text];
}
