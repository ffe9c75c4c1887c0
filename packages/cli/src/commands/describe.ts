import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Call, Command, Option } from '../command.ts';
import { EXIT, Failure, type Exit } from '../failure.ts';
import { readValue } from '../prompt.ts';
import { isLocal, openService } from '../service/client.ts';
import { originOf, url } from './login.ts';

const OPTIONS: Record<string, Option> = {
  url,
  folder: { type: 'string', value: 'folder', help: 'Only endpoints of this folder, and of those below it' },
  out: { type: 'string', short: 'o', value: 'file', help: 'Write a file instead of standard output' },
  'key-stdin': { type: 'boolean', help: 'Read an API key from standard input: what it may call is included' },
};

const SHOWN = 'Has what anyone may call; with --key-stdin, also what a key may call.';

export const openapi: Command = {
  about: `Prints the OpenAPI document of the endpoints of a service. ${SHOWN}`,
  options: OPTIONS,
  run: (call) => print(call, '/u/openapi.json'),
};

export const client: Command = {
  args: '<ts>',
  count: [1, 1],
  about: `Prints a TypeScript client of the endpoints of a service: one file without dependencies. ${SHOWN}`,
  options: OPTIONS,
  run: async (call) => {
    if (call.args[0] !== 'ts') throw new Failure('expected portico client ts', EXIT.usage);
    return print(call, '/u/client.ts');
  },
};

async function print(call: Call, path: string): Promise<Exit> {
  const origin = originOf(call);
  const key = call.flag('key-stdin') ? await readValue() : null;
  if (key !== null && !isLocal(origin) && origin.startsWith('http:'))
    throw new Failure(`${origin} is not https: the key would be readable on the way`, EXIT.usage);
  const folder = call.text('folder');
  const query = folder === undefined ? '' : `?${new URLSearchParams({ folder }).toString()}`;
  const response = await openService(origin, null).raw(`${path}${query}`, {
    headers: key === null ? {} : { 'x-api-key': key },
  });
  const text = await response.text();
  if (!response.ok)
    throw new Failure(
      `${origin} refused (${response.status}): ${text.slice(0, 300)}`,
      response.status === 401 ? EXIT.denied : EXIT.failed,
    );
  const out = call.text('out');
  if (out === undefined) call.io.say(text.trimEnd());
  else {
    const file = resolve(call.folder, out);
    writeFileSync(file, `${text.trimEnd()}\n`);
    call.io.say(`Wrote ${out}.`);
  }
  call.io.result({ path, ...(out === undefined ? { text } : { file: out }) });
  return EXIT.done;
}

export const mcp: Command = {
  args: '[folder]',
  count: [0, 1],
  about:
    'Prints the configuration with which an agent uses the endpoints of a service as tools (MCP), of all folders or of one. The value of the\n' +
    'credential is not in it: replace the part in capitals.',
  options: {
    url,
    admin: { type: 'boolean', help: 'Tools that read and test definitions, by a personal token, instead of endpoints' },
  },
  run: async (call) => {
    const origin = originOf(call);
    const [folder] = call.args;
    const name = folder?.replaceAll(/[^A-Za-z0-9_-]/g, '-') ?? 'portico';
    const isAdmin = call.flag('admin');
    const headers = isAdmin ? { Authorization: 'Bearer PERSONAL_TOKEN' } : { 'x-api-key': 'API_KEY' };
    const path = folder === undefined ? '/mcp' : `/mcp/${folder.split('/').map(encodeURIComponent).join('/')}`;
    const configuration = { mcpServers: { [name]: { type: 'http', url: `${origin}${path}`, headers } } };
    call.io.note(
      isAdmin
        ? 'Make the token with portico tokens create agent --scopes admin-tools.'
        : 'An endpoint with "tool": true is a tool of the callers who may call it.',
    );
    call.io.say(JSON.stringify(configuration, null, 2));
    call.io.result(configuration);
    return EXIT.done;
  },
};
