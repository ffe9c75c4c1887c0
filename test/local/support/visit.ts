import { signIn, type AdminClient } from '../../../scripts/admin-client.ts';
import { readNotes } from '../../../scripts/start/notes.ts';
import { ensureSecrets } from '../../../scripts/start/secrets.ts';
import type { Home, Start } from './newcomer.ts';

/** A service that was started, and what its owner has at hand. */
export interface Visit {
  home: Home;
  origin: string;
  start: Start;
  exampleKey: () => string;
  /** The admin API as the user admin. Signs in once: a session lasts longer than the tests, and attempts are counted. */
  signIn: () => Promise<AdminClient>;
}

export function toVisit(home: Home, start: Start): Visit {
  const origin = `http://127.0.0.1:${home.port}`;
  let client: Promise<AdminClient> | undefined;
  return {
    home,
    origin,
    start,
    exampleKey: () => readNotes(home.notes)!.exampleKey.value,
    signIn: () => (client ??= signIn(origin, ensureSecrets(home.vars).values.LOCAL_ADMIN_PASSWORD)),
  };
}

/** The result of `df.to_json(orient="index")` for the table of Pyplan's sample function. */
export const table = (first: string, second: string): string =>
  `{"0":{"Name":"${first}","Age":25,"City":"New York"},"1":{"Name":"${second}","Age":30,"City":"Los Angeles"},` +
  '"2":{"Name":"Alice","Age":35,"City":"Chicago"},"3":{"Name":"Bob","Age":40,"City":"Houston"}}';
