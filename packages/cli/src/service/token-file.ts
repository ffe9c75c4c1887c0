import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { writePrivately } from '../../../../scripts/private-file.ts';
import { Failure } from '../failure.ts';

/** A personal token of one service. */
export interface StoredToken {
  token: string;
  user: string;
  expiresAt: string;
}
type Tokens = Record<string, StoredToken>;

/** The file of tokens by origin, which only its owner may read. */
export const tokenFile = (): string =>
  join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'portico', 'tokens.json');

/** Returns the tokens by origin. Throws a Failure for a file that is not as this command writes it. */
export function readTokens(): Tokens {
  const file = tokenFile();
  if (!existsSync(file)) return {};
  try {
    return Object(JSON.parse(readFileSync(file, 'utf8'))) as Tokens;
  } catch (error) {
    throw new Failure(`${file} cannot be read (${(error as Error).message}). Delete it and run portico login.`);
  }
}

/** Stores or, with null, removes the token of an origin. */
export function storeToken(origin: string, token: StoredToken | null): void {
  const { [origin]: _former, ...others } = readTokens();
  const tokens = token === null ? others : { ...others, [origin]: token };
  writePrivately(tokenFile(), `${JSON.stringify(tokens, null, 2)}\n`);
}
