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
  /** Settings that a test changes. */
  interface Env {
    PLYNX_DEFAULT_USER?: string;
    PLYNX_OPEN_RESOURCES?: string;
    PUBLIC_HOSTS?: string;
  }
}
