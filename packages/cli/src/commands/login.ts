import type { Call, Command, Option } from '../command.ts';
import { EXIT, Failure, type Exit } from '../failure.ts';
import { findProject, targetOf } from '../project/find-project.ts';
import { askHidden, readValue } from '../prompt.ts';
import { isLocal, openService, Refused, type Service } from '../service/client.ts';
import { signInByDevice } from '../service/device-login.ts';
import type { Session } from '../service/protocol.ts';
import { localPassword, openSignedIn, signIn } from '../service/sign-in.ts';
import { readTokens, storeToken, tokenFile } from '../service/token-file.ts';

export const url: Option = { type: 'string', value: 'url', help: 'The service, where there is no project' };

/** Returns the origin of --url, or of the target. */
export function originOf(call: Call): string {
  const given = call.text('url');
  if (given === undefined) return targetOf(findProject(call.folder), call.text('target')).origin;
  if (!/^https?:\/\//.test(given) || !URL.canParse(given))
    throw new Failure(`${given} is not an http or https URL`, EXIT.usage);
  return new URL(given).origin;
}

export const login: Command = {
  about:
    'Shows a code that you approve in the console, and stores a personal token with the scopes read, deploy and runs, for 90 days, in\n' +
    '~/.config/portico/tokens.json, which only you can read. With --user it asks for the password instead. PORTICO_TOKEN, where it is\n' +
    'set, is used instead of a stored token. A local service that npm start runs needs no sign-in.',
  options: {
    url,
    device: { type: 'boolean', help: 'Show a code without a terminal, too' },
    user: { type: 'string', value: 'name', help: 'Sign in with the password of this user' },
    'password-stdin': { type: 'boolean', help: 'Read the password from standard input' },
    'token-stdin': { type: 'boolean', help: 'Store a personal token that standard input has' },
  },
  run: async (call) => {
    const origin = originOf(call);
    if (call.flag('token-stdin')) return storeGiven(call, origin, await readValue());
    const user = call.text('user');
    const password = isLocal(origin) && user === undefined && !call.flag('device') ? localPassword(call.folder) : null;
    if (user === undefined && password === null) return loginByDevice(call, origin);
    const name = user ?? 'admin';
    await signIn(origin, name, password ?? (await readPassword(call, name)));
    const { expiresAt } = readTokens()[origin]!;
    call.io.say(`Signed in to ${origin} as ${name} until ${expiresAt.slice(0, 10)}. The token is in ${tokenFile()}.`);
    call.io.result({ origin, user: name, expiresAt });
    return EXIT.done;
  },
};

async function readPassword(call: Call, name: string): Promise<string> {
  if (call.flag('password-stdin')) return readValue();
  if (!call.io.isTerminal) throw new Failure('add --password-stdin or --token-stdin: there is no terminal', EXIT.usage);
  return askHidden(`Password of ${name}: `);
}

async function loginByDevice(call: Call, origin: string): Promise<Exit> {
  if (!call.io.isTerminal && !call.flag('device'))
    throw new Failure('add --device, --token-stdin, or --user with --password-stdin: there is no terminal', EXIT.usage);
  const { token, expiresAt } = await signInByDevice(origin, (code, page) =>
    call.io.note(`Open ${page}\nand approve the code ${code}. Waiting …`),
  );
  storeToken(origin, { token, user: '', expiresAt });
  call.io.say(`Signed in to ${origin} until ${expiresAt.slice(0, 10)}. The token is in ${tokenFile()}.`);
  call.io.result({ origin, expiresAt });
  return EXIT.done;
}

async function storeGiven(call: Call, origin: string, token: string): Promise<Exit> {
  await openService(origin, token).json('GET', '/admin/projects');
  storeToken(origin, { token, user: '', expiresAt: '' });
  call.io.say(`Stored the token for ${origin} in ${tokenFile()}.`);
  call.io.result({ origin });
  return EXIT.done;
}

export const logout: Command = {
  about:
    'Removes the stored token of a service. The token itself stays valid until it expires or is revoked in the service.',
  options: { url },
  run: async (call) => {
    const origin = originOf(call);
    const known = readTokens()[origin];
    if (known !== undefined) storeToken(origin, null);
    call.io.say(
      known === undefined
        ? `No token of ${origin} is stored.`
        : `Removed the token of ${origin}. It stays valid${known.expiresAt && ` until ${known.expiresAt.slice(0, 10)}`}: to revoke it, delete it in the service.`,
    );
    call.io.result({ origin, removed: known !== undefined });
    return EXIT.done;
  },
};

/** Returns the name of the user of a session; null for a personal token, which may not read it. Throws a Refused for an invalid one. */
async function findUser(service: Service): Promise<string | null> {
  try {
    return (await service.json<Session>('GET', '/admin/session')).user.name;
  } catch (error) {
    if (error instanceof Refused && error.status === 403) return null;
    throw error;
  }
}

export const whoami: Command = {
  about: 'Shows the user as whom the command acts at a service.',
  options: { url },
  run: async (call) => {
    const origin = originOf(call);
    const service = await openSignedIn(origin, call.folder);
    const user = await findUser(service);
    const { token, user: name = '', expiresAt = '' } = readTokens()[origin] ?? {};
    const isStored = !process.env.PORTICO_TOKEN && token !== undefined;
    const shown = user ?? (isStored && name !== '' ? name : null);
    const until = isStored && expiresAt !== '' ? `, until ${expiresAt.slice(0, 10)}` : '';
    call.io.say(`${shown ?? 'A personal token'} at ${origin}${until}`);
    call.io.result({ origin, user: shown, ...(until !== '' && { expiresAt }) });
    return EXIT.done;
  },
};
