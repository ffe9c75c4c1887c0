import type { Call, Command } from '../command.ts';
import { EXIT, Failure, type Exit } from '../failure.ts';
import { printable } from '../io.ts';
import { findProject, targetOf, type Target } from '../project/find-project.ts';
import { nameIn } from '../project/for-target.ts';
import { askHidden, readValue } from '../prompt.ts';
import type { Service } from '../service/client.ts';
import { openSignedIn } from '../service/sign-in.ts';
import { withSession } from '../service/with-session.ts';

interface Place {
  origin: string;
  folder: string;
  target: Target;
}

function placeOf(call: Call): Place {
  const project = findProject(call.folder);
  const target = targetOf(project, call.text('target'));
  return { origin: target.origin, folder: project.folder, target };
}

/** Resolves with all items of a list, page by page. */
export async function listAll<T>(service: Service, path: string): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { items: T[]; nextCursor: string | null } = await service.json(
      'GET',
      `${path}?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

interface Secret {
  name: string;
  description: string;
  version: number;
}

export const secrets: Command = {
  args: '<list|set|unset> [name]',
  count: [1, 2],
  about:
    'Lists the secrets of a service, sets the value of one, or deletes one. A value is asked for, or read from standard input; it is never an\n' +
    'argument, and never shown. Values are set as a user: a personal token may not.',
  options: { force: { type: 'boolean', help: 'With unset: also a secret that endpoints list' } },
  run: async (call) => {
    const [action, name] = call.args;
    const place = placeOf(call);
    if (action === 'list') return listSecrets(call, await openSignedIn(place.origin, place.folder));
    if (name === undefined || (action !== 'set' && action !== 'unset'))
      throw new Failure('expected portico secrets list, set <name> or unset <name>', EXIT.usage);
    const path = `/admin/secrets/${encodeURIComponent(name)}`;
    if (action === 'unset') {
      await withSession(call, place, (service) =>
        service.json('DELETE', `${path}${call.flag('force') ? '?force=true' : ''}`),
      );
      call.io.say(`Deleted ${name} at ${place.origin}.`);
    } else {
      const value = call.io.isTerminal ? await askHidden(`Value of ${name}: `) : await readValue();
      await withSession(call, place, (service) => service.json('PUT', path, { value }));
      call.io.say(`Set ${name} at ${place.origin}.`);
    }
    call.io.result({ name, action });
    return EXIT.done;
  },
};

async function listSecrets({ io }: Call, service: Service): Promise<Exit> {
  const items = await listAll<Secret>(service, '/admin/secrets');
  for (const { name, version, description } of items)
    io.say(
      `${name}  ${version === 0 ? 'no value' : `value ${version}`}${description && `  ${printable(description)}`}`,
    );
  io.result({ secrets: items.map(({ name, version }) => ({ name, hasValue: version > 0 })) });
  return EXIT.done;
}

interface Key {
  id: string;
  alias: string;
  active: boolean;
  keyVersion?: number;
}

/** Seconds of a duration such as `24h`. */
function secondsOf(text: string): number {
  const [, number, unit] = /^(\d{1,7})([smhd])$/.exec(text) ?? [];
  if (number === undefined) throw new Failure(`${text} is not a duration such as 30m, 24h or 7d`, EXIT.usage);
  return Number(number) * { s: 1, m: 60, h: 3600, d: 86_400 }[unit as 's' | 'm' | 'h' | 'd'];
}

export const keys: Command = {
  args: '<list|issue|rotate> [alias]',
  count: [1, 2],
  about:
    'Lists the API keys of a service, or gives one a new value, which is shown once. With --grace the former value works for that time on.\n' +
    'Values are made as a user: a personal token may not.',
  options: {
    grace: { type: 'string', value: 'time', help: 'With rotate: how long the former value works, such as 24h' },
  },
  run: async (call) => {
    const [action, alias] = call.args;
    const place = placeOf(call);
    if (action === 'list') return listKeys(call, await openSignedIn(place.origin, place.folder));
    if (alias === undefined || (action !== 'issue' && action !== 'rotate'))
      throw new Failure('expected portico keys list, issue <alias> or rotate <alias>', EXIT.usage);
    const grace = call.text('grace');
    const body = { key: true, ...(grace !== undefined && { graceSeconds: secondsOf(grace) }) };
    const name = nameIn(place.target.names.keys, alias);
    const { key } = await withSession(call, place, async (service) => {
      const found = (await listAll<Key>(service, '/admin/keys')).filter((one) => one.alias === name);
      if (found.length !== 1)
        throw new Failure(`${place.origin} has ${found.length === 0 ? 'no key' : 'several keys'} ${name}`);
      return service.json<{ key: string }>('PATCH', `/admin/keys/${found[0]!.id}`, body);
    });
    call.io.say(call.io.isTerminal ? `New value of ${name}, shown once: ${key}` : key);
    call.io.result({ alias: name, key });
    return EXIT.done;
  },
};

async function listKeys({ io }: Call, service: Service): Promise<Exit> {
  const items = await listAll<Key>(service, '/admin/keys');
  for (const { alias, active } of items) io.say(`${printable(alias)}${active ? '' : '  inactive'}`);
  io.result({ keys: items.map(({ id, alias, active }) => ({ id, alias, active })) });
  return EXIT.done;
}

interface Version {
  version: number;
  isDefault: boolean;
}

export const rollback: Command = {
  args: '<handler>',
  count: [1, 1],
  about:
    'Serves an earlier version of a handler: the one before the served one, or that of --to. The folder does not change.',
  options: { to: { type: 'string', value: 'version', help: 'Number of the version' } },
  run: async (call) => {
    const { origin, folder } = placeOf(call);
    const service = await openSignedIn(origin, folder);
    const path = call.args[0]!.replace(/^handlers\//, '');
    const { items } = await service.json<{ items: { id: string; path: string; revision: number }[] }>(
      'GET',
      `/admin/handlers?path=${encodeURIComponent(path)}`,
    );
    const handler = items[0];
    if (handler === undefined) throw new Failure(`${origin} has no handler ${path}`);
    const versions = await listAll<Version>(service, `/admin/handlers/${handler.id}/versions`);
    const served = versions.find(({ isDefault }) => isDefault)?.version ?? 0;
    const given = call.text('to');
    const to = given === undefined ? versions.find(({ version }) => version < served)?.version : Number(given);
    if (to === undefined || !versions.some(({ version }) => version === to))
      throw new Failure(`${path} has no ${given === undefined ? `version before ${served}` : `version ${given}`}`);
    await service.json('PUT', `/admin/handlers/${handler.id}/default`, { version: to });
    call.io.say(`${path} v${served} → v${to}. The folder still has its own: portico pull takes v${to} into it.`);
    call.io.result({ handler: path, from: served, to });
    return EXIT.done;
  },
};
