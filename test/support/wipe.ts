import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';

/*
 * Runs before every test file. Files share a workerd, because starting one takes seconds; so each begins by wiping what those before it
 * left: spies, what the isolate remembers (all modules are loaded anew), the storage behind every binding and the objects that run.
 */
vi.restoreAllMocks();
vi.resetModules();
await reset();
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
