import { execFileSync } from 'node:child_process';

/** Global setup of the project `packages`. A process of its own: here, sources come as the one module that tests in workerd load. */
export default function setup(): void {
  execFileSync(process.execPath, ['test/scripts/python/build-package-sets.ts'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
