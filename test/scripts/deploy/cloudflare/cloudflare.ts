import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploy, type Tools } from '../../../../scripts/deploy/deploy.ts';
import { readOptions } from '../../../../scripts/deploy/options.ts';
import { runWrangler, type Wrangler } from '../../../../scripts/deploy/wrangler.ts';
import { Account } from './account.ts';
import { cloudflareApi } from './api.ts';
import { LiveService } from './live.ts';
import { serve, type Sent, type TestServer } from './server.ts';

const TOKEN = 'token-of-the-test';

/** An account, the machine of somebody who deploys to it, and the service that comes of it. */
export interface Cloudflare {
  account: Account;
  api: TestServer;
  service: TestServer;
  /** The home of the user who deploys. */
  home: string;
  env: NodeJS.ProcessEnv;
  /** Answers of the user when a deploy asks for a secret, by its name. */
  answers: Record<string, string>;
  /** Runs `npm run deploy -- …args` in this process, with the real wrangler. */
  deploy: (...args: string[]) => Promise<Outcome>;
  /** Starts what is uploaded: workerd may take longer than a deploy of the tests waits. */
  startService: () => Promise<void>;
  close: () => Promise<void>;
}

export interface Outcome {
  output: string;
  error: string | null;
  /** Changes that it asked Cloudflare for, in order, without the contents of assets. */
  changes: string[];
  /** Commands of wrangler. */
  commands: string[];
}

export async function startCloudflare(): Promise<Cloudflare> {
  const account = new Account('0a'.repeat(16));
  const live = new LiveService(account);
  const router = cloudflareApi(account, TOKEN, async (worker) => live.replace(worker));
  const api = await serve((request) => router.fetch(request));
  const service = await serve((request) => live.fetch(request));
  const home = mkdtempSync(join(tmpdir(), 'portico-deploy-'));
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: home,
    XDG_CONFIG_HOME: `${home}/.config`,
    CLOUDFLARE_API_BASE_URL: `${api.origin}/client/v4`,
    CLOUDFLARE_API_TOKEN: TOKEN,
    // A deploy to the real account of a developer must be impossible.
    CLOUDFLARE_ACCOUNT_ID: account.id,
    NODE_COMPILE_CACHE: `${home}/.cache`,
  };
  const wrangler = runWrangler(env);
  const answers: Record<string, string> = {};
  return {
    account,
    api,
    service,
    home,
    env,
    answers,
    deploy: async (...args) => {
      const lines: string[] = [];
      const commands: string[] = [];
      api.sent.length = 0;
      const tools: Tools = {
        wrangler: (given) => {
          commands.push(given.filter((one) => one !== '--config' && !one.endsWith('.json')).join(' '));
          // It asks no service, and a process for every deploy of the tests would cost more than all else in them.
          return given[0] === 'auth' ? signedIn(env) : wrangler(given);
        },
        // The test run has built it.
        build: async () => {},
        say: (text) => void lines.push(text),
        ask: (question) => Promise.resolve(answers[question.split(',')[0]!] ?? null),
        env,
        patienceMs: 0,
      };
      const options = readOptions(['--url', service.origin, ...args], {})!;
      const error = await deploy(options, tools).then(
        () => null,
        (thrown: Error) => thrown.message,
      );
      return { output: lines.join('\n'), error, changes: changesOf(api.sent), commands };
    },
    startService: async () => void (await live.start()),
    close: async () => {
      await Promise.all([api.close(), service.close()]);
      await live.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Output of `wrangler auth token --json`, as a test of its own sees it. */
const signedIn = async (env: NodeJS.ProcessEnv): ReturnType<Wrangler> => {
  const stdout = JSON.stringify({ type: 'api_token', token: env.CLOUDFLARE_API_TOKEN });
  return { code: 0, stdout, output: stdout };
};

const changesOf = (sent: Sent[]): string[] =>
  sent
    .filter(({ method, path, body }) => method !== 'GET' && !path.includes('assets') && !/^{"sql":"select/i.test(body))
    .map(({ method, path, status }) => {
      const place = path
        .replace(/.*\/accounts\/[^/]+/, '')
        .replace(/\?.*/, '')
        .replace(UUID, ':id');
      return `${method} ${place}${status < 400 ? '' : ` ${status}`}`;
    });

const UUID = /[0-9a-f]{8}-[0-9a-f-]{27}/;
