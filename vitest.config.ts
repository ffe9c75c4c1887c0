import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-pool-workers';
import { defineConfig } from 'vitest/config';
import { upstream } from './test/support/upstream.ts';

/** Tests that need no binding and nothing of workerd: a file costs milliseconds in Node, and seconds in a workerd of its own. */
const PURE = [
  'test/**/*.rules.test.ts',
  'test/conformance/plynx-masking.test.ts',
  'test/core/{file,graph}/*.test.ts',
  'test/core/workflow/{expression,schema}.test.ts',
  'test/core/user/can.test.ts',
  'test/core/session/refresh-token.test.ts',
  'test/http/plynx/wire.test.ts',
  'test/runtime/operation-outcome.test.ts',
];

/**
 * `rules` runs pure functions in Node, without bindings; `worker` runs inside workerd with the real bindings; `local` runs in Node and
 * starts the service as a newcomer would.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'rules', include: PURE, isolate: false },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              outboundService: upstream,
              // A run is in the history as soon as its batch arrives, so that tests do not wait.
              queueConsumers: { 'portico-runs': { maxBatchSize: 20, maxBatchTimeout: 0.02, maxRetries: 5 } },
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations('./migrations'),
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
          name: 'worker',
          include: ['test/**/*.test.ts'],
          exclude: ['test/local/**', ...PURE],
          setupFiles: ['./test/support/apply-migrations.ts'],
          // A password hash takes 150 ms of a processor, and CI may have half of one.
          testTimeout: 30_000,
        },
      },
      {
        test: { name: 'local', include: ['test/local/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
      },
    ],
  },
});
