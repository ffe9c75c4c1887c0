#!/usr/bin/env node
/* Runs on Node 20 and later: with an older Node than the sources need, it starts the one that `npm ci` installed. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as modules from 'node:module';
import { fileURLToPath } from 'node:url';

const MIN_MAJOR = 24;
const major = Number(process.versions.node.split('.')[0]);

if (major >= MIN_MAJOR) {
  modules.enableCompileCache();
  // The sources of the service, whose schemas check the files, leave endings out.
  modules.registerHooks({
    resolve: (specifier, context, next) =>
      next(
        context.parentURL?.endsWith('.ts') && /^\.\.?\//.test(specifier) && !/\.(ts|json)$/.test(specifier)
          ? `${specifier}.ts`
          : specifier,
        context,
      ),
  });
  const { main } = await import('../src/main.ts');
  process.exitCode = await main(process.argv.slice(2));
} else {
  const node = fileURLToPath(new URL('../../../node_modules/node/bin/node', import.meta.url));
  if (existsSync(node)) {
    const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.once('exit', (code, signal) => (process.exitCode = signal ? 130 : (code ?? 1)));
  } else {
    process.stderr.write(`portico needs Node ${MIN_MAJOR}, or npm ci in its repository.\n`);
    process.exitCode = 1;
  }
}
