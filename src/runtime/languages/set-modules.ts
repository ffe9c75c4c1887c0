import type { SetManifest } from '../harness/python/packages';
import type { PackageSet } from '../../core/code/package-set';
import type { ReadAsset } from './python-assets';

/** The modules of a set for an isolate: the compiled ones as files, and `packages.mjs`; and the entries of `helpers.mjs` for the stubs. */
export interface SetModules {
  modules: WorkerLoaderWorkerCode['modules'];
  /** Name of a module by the hex of its stub. */
  stubs: [hex: string, module: string][];
}

const WITHOUT_SET: SetModules = { modules: { 'packages.mjs': { js: 'export default null;' } }, stubs: [] };

/** Reads the modules of a set; null for an isolate without packages. */
export async function readSetModules(set: PackageSet | null, read: ReadAsset): Promise<SetModules> {
  if (set === null) return WITHOUT_SET;
  const folder = `sets/${set.id}`;
  const { modules, linked } = JSON.parse(new TextDecoder().decode(await read(`${folder}/set.json`))) as SetManifest;
  const compiled = await Promise.all(
    modules.map(async ({ file }) => [file, { wasm: await read(`${folder}/${file}`) }]),
  );
  const imports = modules.map(({ file }, i) => `import m${i} from './${file}';`);
  const entries = modules.map(({ path }, i) => `${JSON.stringify(path)}: m${i}`);
  const head = `linked: ${JSON.stringify(linked)}, memoryLimit: ${set.bytes.memoryLimit}`;
  return {
    modules: {
      ...(Object.fromEntries(compiled) as SetModules['modules']),
      'packages.mjs': { js: `${imports.join('\n')}\nexport default { ${head}, modules: { ${entries.join(', ')} } };` },
    },
    stubs: modules.map(({ stub, file }) => [stub, file]),
  };
}
