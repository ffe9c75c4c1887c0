import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Credentials } from './cloudflare.ts';

/** Runs a command of wrangler to its end, without a terminal, so that it asks no questions. */
export type Wrangler = (args: string[]) => Promise<{ code: number; stdout: string; output: string }>;

const WRANGLER = resolve('node_modules/wrangler/bin/wrangler.js');

export const runWrangler =
  (env: NodeJS.ProcessEnv): Wrangler =>
  (args) => {
    const child = spawn(process.execPath, [WRANGLER, ...args], {
      env: { ...env, CI: 'true', NO_COLOR: '1', WRANGLER_SEND_METRICS: 'false' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, output] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    return new Promise((done, reject) => {
      child.once('error', reject);
      child.once('close', (code) => done({ code: code ?? 1, stdout, output }));
    });
  };

/** Returns how wrangler is signed in. Throws an Error that says how to sign in when it is not. */
export async function readCredentials(wrangler: Wrangler): Promise<Credentials> {
  const { code, stdout } = await wrangler(['auth', 'token', '--json']);
  if (code !== 0)
    throw new Error(
      'Not signed in to Cloudflare. Run npx wrangler login, or set CLOUDFLARE_API_TOKEN, and deploy again.',
    );
  return JSON.parse(stdout) as Credentials;
}

/** Runs a command that must succeed. Throws an Error with the end of its output. */
export async function expectWrangler(wrangler: Wrangler, args: string[]): Promise<string> {
  const { code, output } = await wrangler(args);
  if (code === 0) return output;
  throw new Error(`wrangler ${args.slice(0, 3).join(' ')} failed:\n${output.trim().split('\n').slice(-15).join('\n')}`);
}
