/**
 * `npm run check`: format, lint, types, and generated files up to date. Starts no server. All checks run at once; each one that fails
 * prints its output.
 */
import { spawn } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';

interface Result {
  ok: boolean;
  output: string;
}
interface Check {
  name: string;
  run: () => Promise<Result>;
}

/** Milliseconds after which a check counts as hung. */
const LIMIT_MS = 300_000;

/** Runs a program of node_modules/.bin to its end, without a terminal, so that it asks no questions. */
function tool(command: string, ...args: string[]): Promise<Result> {
  const env = { ...process.env, CI: 'true', WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' };
  const child = spawn(`node_modules/.bin/${command}`, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill(), LIMIT_MS);
    child.once('error', (error) => resolve({ ok: false, output: String(error) }));
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ ok: code === 0, output: code === null ? `${output}\nstopped after ${LIMIT_MS} ms` : output });
    });
  });
}

/** Lets drizzle-kit write into a copy of migrations/: files that it adds there are missing here. */
async function newMigrations(): Promise<Result> {
  const copy = 'dist/check-migrations';
  rmSync(copy, { recursive: true, force: true });
  cpSync('migrations', copy, { recursive: true });
  const args = ['--dialect', 'sqlite', '--schema', 'src/storage/schema.ts', '--out', copy];
  const { ok, output } = await tool('drizzle-kit', 'generate', ...args);
  const added = readdirSync(copy).filter((file) => !readdirSync('migrations').includes(file));
  rmSync(copy, { recursive: true, force: true });
  if (!ok || added.length === 0) return { ok, output };
  return { ok: false, output: 'src/storage/schema.ts has changed. Run npm run db:generate and commit the migration.' };
}

async function workerTypes(): Promise<Result> {
  const result = await tool(
    'wrangler',
    'types',
    '--check',
    '--include-runtime=false',
    '--env-file',
    '.dev.vars.example',
  );
  return result.ok ? result : { ok: false, output: `${result.output}\nRun npm run types and commit the file.` };
}

/** Compiles a program of TypeScript without output. What the compiler learned is kept, so that the next check reads only what changed. */
const types = (project: string, ...options: string[]): Promise<Result> =>
  tool(
    'tsc',
    '--noEmit',
    '-p',
    project,
    '--incremental',
    '--tsBuildInfoFile',
    `dist/check/${project}.tsbuildinfo`,
    ...options,
  );

/**
 * Compiles a program that has types of src/: the console, whose client has those of the routes, or the command, whose files are checked by
 * the schemas of the service. Beside the types of a browser or of Node, some lines of src/ do not compile: they run in the Worker, and are
 * checked with its types alone.
 */
async function typesBeside(project: string): Promise<Result> {
  const { output } = await types(project, '--pretty', 'false');
  const errors = output.split(/\n(?=\S)/).filter((error) => error.trim() !== '' && !error.startsWith('src/'));
  return { ok: errors.length === 0, output: errors.join('\n') };
}

const CHECKS: Check[] = [
  { name: 'format', run: () => tool('oxfmt', '--check') },
  { name: 'lint', run: () => tool('oxlint', '--type-aware', '--format', 'unix') },
  { name: 'types of the Worker', run: () => types('tsconfig.json') },
  { name: 'types of scripts', run: () => types('tsconfig.node.json') },
  { name: 'types of the console', run: () => typesBeside('console/tsconfig.json') },
  { name: 'types of the command', run: () => typesBeside('packages/cli/tsconfig.json') },
  { name: 'worker-configuration.d.ts', run: workerTypes },
  { name: 'migrations', run: newMigrations },
];

const results = await Promise.all(
  CHECKS.map(async ({ name, run }) => {
    const startedAt = Date.now();
    const result = await run();
    console.log(`${result.ok ? 'ok    ' : 'FAILED'}  ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
    return { name, ...result };
  }),
);
for (const { name, ok, output } of results) if (!ok) console.log(`\n--- ${name}\n${output.trim()}`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
