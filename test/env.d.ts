import type { D1Migration } from 'cloudflare:test';

declare global {
  namespace Cloudflare {
    interface Env {
      TEST_MIGRATIONS: D1Migration[];
      BOOTSTRAP_TOKEN: string;
      AUTH_SECRET: string;
      KEY_PEPPER: string;
      SECRETS_KEY: string;
    }
  }
}
