import { existsSync, statfsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-pool-workers';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { PATIENCE_MS } from './test/local/support/newcomer.ts';
import { bundleSrc } from './test/support/bundle-src.ts';
import { upstream } from './test/support/upstream.ts';

/** What the Worker and its tests import, as one module each: hundreds of small files would be loaded anew for every test file. */
const BUNDLED = [
  'acorn',
  'drizzle-orm',
  'drizzle-orm/d1',
  'drizzle-orm/sqlite-core',
  'fast-check',
  'fflate',
  'hono',
  'jose',
  'jsonc-parser',
  're2js',
  'sucrase',
  'tldts',
  'zod',
  'zod-openapi',
];

/** Tests that start CPythons, of up to 160 MB each, have `python` in their path: the workerds of that project give it back at its end. */
const PYTHON = 'test/**/python{,/**/*}.worker.test.ts';
/** Tests of CPython itself, which start it a hundred times: `npm run test:python`. */
const CPYTHON = 'test/runtime/languages/python/*.worker.test.ts';
/** Tests of package sets, with assets of their own: `npm run test:python`, too. */
const PACKAGES = 'test/runtime/languages/python-packages/*.worker.test.ts';
/** Tests of scripts, which write folders of their own; some start a process. */
const SCRIPTS = 'test/scripts/**/*.unit.test.ts';

// wrangler and vitest are large: the processes of tests need not compile them anew.
process.env.NODE_COMPILE_CACHE ??= resolve('node_modules/.cache/compiled');

// Databases and files of tests are in memory where the system has files there: on a disk, every commit waits for it.
const MEMORY = '/dev/shm';
const MIN_FREE_BYTES = 1 << 30;
if (existsSync(MEMORY)) {
  const { bavail, bsize } = statfsSync(MEMORY);
  if (bavail * bsize >= MIN_FREE_BYTES) process.env.TMPDIR ??= MEMORY;
}

// Test code runs a few times: optimizing it costs more than it saves, up to a third of the work of tests that boot CPython.
process.env.MINIFLARE_WORKERD_V8_FLAGS ??= '--liftoff-only --no-opt';

/** Runs test files inside workerd, with the real bindings. */
const inWorkerd = (
  test: TestProjectInlineConfiguration['test'],
  assets?: { directory: string },
): TestProjectInlineConfiguration => ({
  plugins: [
    bundleSrc(),
    cloudflareTest(async () => ({
      wrangler: { configPath: './wrangler.toml' },
      miniflare: {
        outboundService: upstream,
        ...(assets && { assets }),
        bindings: {
          TEST_MIGRATIONS: await readD1Migrations('./migrations'),
          // A run is in the history as soon as may be, so that tests do not wait.
          RUN_BATCH_MS: '10',
          BOOTSTRAP_TOKEN: 'test-bootstrap-token-of-32-characters',
          AUTH_SECRET: 'test-auth-secret-of-at-least-32-bytes!',
          KEY_PEPPER: 'test-key-pepper-of-at-least-32-bytes!!',
          PLYNX_DEFAULT_USER: '1',
          PLYNX_DEMO: '1',
          SECRETS_KEY: 'dGVzdC1zZWNyZXRzLWtleS0zMi1ieXRlcy1sb25nISE=',
        },
      },
    })),
  ],
  test: {
    setupFiles: [
      './test/support/assert-workerd.ts',
      './test/support/compile-once.ts',
      './test/support/wipe.ts',
      './test/support/platform-limits/setup.ts',
    ],
    // CPython takes a second or two to start on a busy machine, and CI may have half a processor.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } },
    deps: { optimizer: { ssr: { enabled: true, include: BUNDLED } } },
    ...test,
  },
});

/**
 * A test file says where it runs: `*.unit.test.ts` in Node, without bindings; `*.worker.test.ts` inside workerd, those of `worker` one after
 * the other in the same one, which the setup wipes for each; `*.local.test.ts` in Node, with processes that it starts and waits for, such as
 * the service as a newcomer starts it (`npm run test:services`); `*.browser.test.ts` in Node, with a real Chromium at a started service: one
 * file that imports the suites of the console. It takes the longest; vitest sorts projects by name, so that it comes first.
 */
export default defineConfig({
  test: {
    // One more than there are processors: some files wait for a browser, processes, alarms and time limits.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.unit.test.ts'],
          exclude: [SCRIPTS],
          isolate: false,
          testTimeout: 30_000,
        },
      },
      { test: { name: 'scripts', include: [SCRIPTS], isolate: false, testTimeout: 120_000 } },
      inWorkerd({
        name: 'worker',
        include: ['test/**/*.worker.test.ts'],
        exclude: [PYTHON, PACKAGES],
        isolate: false,
      }),
      inWorkerd({ name: 'python', include: [PYTHON], exclude: [CPYTHON, PACKAGES], isolate: false }),
      inWorkerd({ name: 'cpython', include: [CPYTHON], isolate: false }),
      inWorkerd(
        { name: 'packages', include: [PACKAGES], isolate: false, globalSetup: './test/support/package-sets.ts' },
        { directory: './dist/test-packages/assets' },
      ),
      {
        test: {
          name: 'local',
          include: ['test/**/*.local.test.ts'],
          // They wait for processes and for states, on a machine that may do much else. Only a failure takes that long.
          expect: { poll: { timeout: PATIENCE_MS } },
          testTimeout: PATIENCE_MS + 60_000,
          hookTimeout: PATIENCE_MS + 60_000,
        },
      },
      {
        test: {
          name: 'console',
          include: ['test/**/*.browser.test.ts'],
          // One of many processes on few processors. Only a failure takes that long.
          expect: { poll: { timeout: 30_000 } },
          testTimeout: 240_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
