import type { Call, Command } from '../command.ts';
import { EXIT, Failure, type Exit } from '../failure.ts';
import { printable } from '../io.ts';
import type { Service } from '../service/client.ts';
import { withSession } from '../service/with-session.ts';
import { originOf, url } from './login.ts';

interface Token {
  id: string;
  name: string;
  scopes: string[];
  expiresAt: string;
}

export const tokens: Command = {
  args: '<list|create|revoke> [name]',
  count: [1, 2],
  about:
    'Lists your personal tokens, makes one for a program such as CI, or revokes one. The value of a new one is shown once.\n' +
    'A user does this: no personal token may. Scopes: read, deploy, runs, admin-tools.',
  options: {
    url,
    scopes: {
      type: 'string',
      value: 'scopes',
      help: 'With create: what the token permits, such as deploy,runs. Default: deploy',
    },
    days: { type: 'string', value: 'number', help: 'With create: days until it expires. Default: 90' },
  },
  run: async (call) => {
    const [action, name] = call.args;
    const place = { origin: originOf(call), folder: call.folder };
    if (action === 'list') return withSession(call, place, (service) => list(call, service));
    if (name === undefined || (action !== 'create' && action !== 'revoke'))
      throw new Failure('expected portico tokens list, create <name> or revoke <name>', EXIT.usage);
    return withSession(call, place, (service) => (action === 'create' ? create : revoke)(call, service, name));
  },
};

const read = async (service: Service): Promise<Token[]> =>
  (await service.json<{ items: Token[] }>('GET', '/admin/personal-tokens')).items;

async function list({ io }: Call, service: Service): Promise<Exit> {
  const items = await read(service);
  for (const { id, name, scopes, expiresAt } of items)
    io.say(`${printable(name)}  ${scopes.join(',')}  until ${expiresAt.slice(0, 10)}  ${id}`);
  io.result({ tokens: items.map(({ id, name, scopes, expiresAt }) => ({ id, name, scopes, expiresAt })) });
  return EXIT.done;
}

async function create(call: Call, service: Service, name: string): Promise<Exit> {
  const scopes = (call.text('scopes') ?? 'deploy').split(',').map((scope) => scope.trim());
  const days = call.text('days');
  const made = await service.json<Token & { token: string }>('POST', '/admin/personal-tokens', {
    name,
    scopes,
    ...(days !== undefined && { days: Number(days) }),
  });
  call.io.note(
    `${name} permits ${made.scopes.join(', ')} until ${made.expiresAt.slice(0, 10)}. Its value, shown once:`,
  );
  call.io.say(made.token);
  call.io.result({ id: made.id, name, scopes: made.scopes, expiresAt: made.expiresAt, token: made.token });
  return EXIT.done;
}

/** Revokes a token by its name, which one token alone must have, or by its id. */
async function revoke({ io }: Call, service: Service, name: string): Promise<Exit> {
  const found = (await read(service)).filter((token) => token.name === name || token.id === name);
  if (found.length !== 1)
    throw new Failure(
      `you have ${found.length === 0 ? 'no token' : 'several tokens; name the id of one of those called'} ${name}`,
    );
  await service.json('DELETE', `/admin/personal-tokens/${found[0]!.id}`);
  io.say(`Revoked ${printable(name)}.`);
  io.result({ revoked: found[0]!.id });
  return EXIT.done;
}
