import type { Call } from '../command.ts';
import { EXIT, Failure } from '../failure.ts';
import { ask, askHidden } from '../prompt.ts';
import { isLocal, openService, type Service } from './client.ts';
import { localPassword, openSession } from './sign-in.ts';
import { readTokens } from './token-file.ts';

/**
 * Calls `work` with a session of the user, for what no personal token may do: values of secrets and keys. The session ends after it. With
 * PORTICO_TOKEN, which may be an access token, that is used.
 */
export async function withSession<T>(
  call: Call,
  { origin, folder }: { origin: string; folder: string },
  work: (service: Service) => Promise<T>,
): Promise<T> {
  const given = process.env.PORTICO_TOKEN;
  if (given) return work(openService(origin, given));
  const local = isLocal(origin) ? localPassword(folder) : null;
  const session = local === null ? await askSession(call, origin) : await openSession(origin, 'admin', local);
  try {
    return await work(session);
  } finally {
    // The result of `work` may be shown only once: a new value of a key.
    await session.json('DELETE', '/admin/session').catch((error: unknown) => {
      call.io.note(`the session is not ended, and expires by itself: ${(error as Error).message}`);
    });
  }
}

async function askSession({ io }: Call, origin: string): Promise<Service> {
  if (!io.isTerminal)
    throw new Failure(
      'a personal token may not read or set values: run this in a terminal, or set PORTICO_TOKEN to the accessToken of a session',
      EXIT.denied,
    );
  const name = readTokens()[origin]?.user || (await ask('User: '));
  return openSession(origin, name, await askHidden(`Password of ${name}: `));
}
