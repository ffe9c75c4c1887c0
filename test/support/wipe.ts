import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import { migrate } from './migrate';

/*
 * Runs before every test file. Files share a workerd, because starting one takes seconds; so each begins by wiping what those before it
 * left: spies, what the isolate remembers (all modules are loaded again), the storage behind every binding and the objects that run.
 */
vi.restoreAllMocks();
vi.resetModules();
await wipe();
await migrate();

/** An object that is still at work, for the queue of the file before say, may keep its storage: then it is reset once more. */
async function wipe(): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    await reset();
    if (await isEmpty()) return;
    await scheduler.wait(20);
  }
  throw new Error('what an earlier test file has stored cannot be wiped');
}

async function isEmpty(): Promise<boolean> {
  const tables = `select count(*) as n from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'`;
  const [db, data, keys, files] = await Promise.all([
    env.DB.prepare(tables).first<number>('n'),
    env.DATA.prepare(tables).first<number>('n'),
    env.KEYS.list({ limit: 1 }),
    env.FILES.list({ limit: 1 }),
  ]);
  return db === 0 && data === 0 && keys.keys.length === 0 && files.objects.length === 0;
}
