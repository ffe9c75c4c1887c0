import type { Command } from '../command.ts';
import { EXIT, Failure } from '../failure.ts';
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
  run: async (call) => {
    const { service } = await openTarget(call);
    const [endpoint = '', ...pairs] = call.args;
    const result = await testEndpoint(service, endpoint, Object.fromEntries(pairs.map(toParameter)));
    const { run: record, response, accessSkipped } = result;
    call.io.say(printable(response.body ?? response.base64 ?? ''));
    if (accessSkipped !== null) call.io.note(`A live call would be refused: ${accessSkipped}`);
    showRun(call.io, record);
    call.io.result(result);
    return response.status < 400 ? EXIT.done : EXIT.failed;
  },
};

/** Runs an endpoint, by its path or its methods and path, with the `test` values of its parameters where none are given. */
export async function testEndpoint(service: Service, endpoint: string, parameters: object = {}): Promise<TestResult> {
  const [, method, path] = /^(?:([A-Z]+)(?:,[A-Z]+)* )?(.+)$/.exec(endpoint) ?? [];
  if (path === undefined) throw new Failure('expected the path of an endpoint', EXIT.usage);
  const query = method === undefined ? '' : `?method=${method}`;
  const { id } = await service.json<{ id: string }>('GET', `/admin/by-path/endpoints/${encodeURI(path)}${query}`);
  return service.json<TestResult>('POST', `/admin/endpoints/${id}/test`, { parameters, skipAccess: true });
}

function toParameter(pair: string): [string, unknown] {
  const at = pair.indexOf('=');
  if (at < 1) throw new Failure(`${pair} is not name=value`, EXIT.usage);
  const text = pair.slice(at + 1);
  try {
    return [pair.slice(0, at), JSON.parse(text)];
  } catch {
    return [pair.slice(0, at), text];
  }
}
