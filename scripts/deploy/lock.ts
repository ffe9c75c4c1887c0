import { createHash } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;

/**
 * Locks an environment for one deploy of this user and machine, by the file that records it. The lock is the operating system's and ends with
 * the process. Returns how to release it. Throws an Error while another deploy has it.
 */
export function lockEnvironment(record: string): () => void {
  const name = createHash('sha256').update(record).digest('hex').slice(0, 16);
  const database = new DatabaseSync(join(tmpdir(), `portico-deploy-${userInfo().uid}-${name}.lock`), { timeout: 0 });
  try {
    database.exec('BEGIN IMMEDIATE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new Error('Another deploy of this environment is running. Wait until it has ended.', { cause: error });
  }
  return () => database.close();
}
