import type { Linked, SetManifest } from '../harness/python/packages';
import type { PackageSet } from '../../core/code/package-set';
import { folderOf, readAsset, readIfAny, type PythonStore } from './python-assets';

/** The modules of a set for an isolate: the compiled ones as files, and `packages.mjs`; and the entries of `helpers.mjs` for the stubs. */
export interface SetModules {
  modules: WorkerLoaderWorkerCode['modules'];
  /** Name of a module by the hex of its stub. */
  stubs: [hex: string, module: string][];
  /** False when the set has no snapshot for this version of the runtime: the interpreter starts without one. */
  hasSnapshot: boolean;
}

const WITHOUT_SET: SetModules = {
  modules: { 'packages.mjs': { js: 'export default null;' } },
  stubs: [],
  hasSnapshot: true,
};

const parse = <T>(bytes: ArrayBuffer): T => JSON.parse(new TextDecoder().decode(bytes)) as T;

/** Reads the modules of a set; null for an isolate without packages. `version`: that of the runtime. */
export async function readSetModules(set: PackageSet | null, store: PythonStore, version: string): Promise<SetModules> {
  if (set === null) return WITHOUT_SET;
  const folder = folderOf(set);
  const { modules, linked } = parse<SetManifest>(await readAsset(store)(`${folder}/set.json`));
  const own = set.uploaded === true ? await readIfAny(store, `${folder}/${version}/linked.json`) : null;
  return toModules(set, modules, own === null ? linked : parse<Linked>(own), store);
}

/** Builds the modules of a set. `linked`: null for an interpreter that starts without a snapshot. */
export async function toModules(
  set: PackageSet,
  modules: SetManifest['modules'],
  linked: Linked | null,
  store: PythonStore,
): Promise<SetModules> {
  const compiled = await Promise.all(
    modules.map(async ({ file }) => [file, { wasm: await readAsset(store)(`${folderOf(set)}/${file}`) }]),
  );
  const imports = modules.map(({ file }, i) => `import m${i} from './${file}';`);
  const entries = modules.map(({ path }, i) => `${JSON.stringify(path)}: m${i}`);
  const names = JSON.stringify(set.packages.flatMap((one) => one.modules));
  const head = `linked: ${JSON.stringify(linked)}, names: ${names}, memoryLimit: ${set.bytes.memoryLimit}`;
  return {
    modules: {
      ...(Object.fromEntries(compiled) as SetModules['modules']),
      'packages.mjs': { js: `${imports.join('\n')}\nexport default { ${head}, modules: { ${entries.join(', ')} } };` },
    },
    stubs: modules.map(({ stub, file }) => [stub, file]),
    hasSnapshot: linked !== null,
  };
}
