/**
 * `node --experimental-vm-modules start-cpu.ts FOLDER FILE`: prints the milliseconds of processor time in which V8 compiles and runs the top
 * level of a built Worker. The platform's module is a stand-in: no top level calls it.
 */
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { SourceTextModule, SyntheticModule } from 'node:vm';

const [folder, file] = process.argv.slice(2) as [string, string];
const source = readFileSync(join(folder, file), 'utf8');

function moduleOf(specifier: string): SyntheticModule {
  const exported: Record<string, unknown> = specifier.endsWith('.txt')
    ? { default: readFileSync(join(folder, specifier), 'utf8') }
    : isBuiltin(specifier)
      ? (process.getBuiltinModule(specifier) as object as Record<string, unknown>)
      : PLATFORM;
  return new SyntheticModule(['default', ...Object.keys(exported).filter((name) => name !== 'default')], function () {
    this.setExport('default', exported.default ?? exported);
    for (const [name, value] of Object.entries(exported)) this.setExport(name, value);
  });
}

const PLATFORM = Object.fromEntries(
  ['DurableObject', 'RpcTarget', 'WorkerEntrypoint', 'WorkflowEntrypoint', 'exports', 'env'].map((name) => [
    name,
    class {},
  ]),
);

const before = process.cpuUsage();
const worker = new SourceTextModule(source);
await worker.link(moduleOf);
await worker.evaluate();
const { user, system } = process.cpuUsage(before);
if (!('default' in worker.namespace)) throw new Error('the Worker has no default export');
process.stdout.write(String((user + system) / 1000));
