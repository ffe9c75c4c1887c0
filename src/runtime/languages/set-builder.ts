import { exports } from 'cloudflare:workers';
import { checkFits, memoryLimitOf, preloadOf, type PackageSet } from '../../core/code/package-set';
import { SetRefused } from '../../core/code/set-refused';
import type { Linked } from '../harness/python/packages';
import { readMetadata } from '../harness/python/wheel';
import type { Prepared } from '../harness/python/builder';
import type { SetFilesProps } from '../set-files';
import { TIMED_OUT, withTimeout } from '../with-timeout';
import { BOOT_REQUESTS, pythonVersion, pythonWorker } from './python';
import { folderOf, keyInBucket, readAsset, readIfAny, type PythonStore } from './python-assets';
import { ENTRY } from './python-packages';

/** A set to make of uploaded wheels. `id` is a hash of what it is made from, so the same set has the same files. */
export interface SetJob {
  id: string;
  name: string;
  requirements: string[];
  wheels: { sha256: string; name: string; version: string }[];
  /** Modules in the memory snapshot; without it all that the requirements bring. */
  preload?: string[] | undefined;
}

/** Makes the files of package sets, in isolates that run nothing else. */
export interface PackageBuilder {
  /** Reads what a wheel requires. Throws SetRefused for a file that is no wheel. */
  readRequirements: (wheel: Uint8Array) => string[];
  /** Part of the key of each snapshot: one made by another version is of no use. */
  version: string;
  /** Makes a set, or finds it made. Throws SetRefused when it cannot be made or cannot run. */
  make: (job: SetJob) => Promise<PackageSet>;
  /** Makes the snapshot of a set for this version of the runtime. Throws SetRefused. */
  takeSnapshot: (set: PackageSet, preload: string[]) => Promise<void>;
}

/** Bytes that the wheels of one set may have unpacked, and milliseconds of wall and CPU time for each step: Cloudflare's limit of CPU time. */
const MAX_UNPACKED = 64 << 20;
const STEP_MS = 300_000;
const MAX_MESSAGE = 1000;

interface BuilderStub extends Rpc.WorkerEntrypointBranded {
  prepare: (wheels: string[], maxUnpacked: number) => Promise<Prepared>;
  order: (modules: string[]) => Promise<string[]>;
  snapshot: (modules: string[], order: string[], file: string) => Promise<Linked>;
}

const filesOf = (props: SetFilesProps): Fetcher =>
  (exports as unknown as { SetFiles: (options: { props: SetFilesProps }) => Fetcher }).SetFiles({ props });

export function createPackageBuilder(env: PythonStore & { LOADER: WorkerLoader }): PackageBuilder {
  /** Loads an isolate for one step: without packages, or with those of a set, without its snapshot. */
  const open = async (set: PackageSet | null, props: SetFilesProps): Promise<Fetcher<BuilderStub>> => {
    const [worker, builder] = await Promise.all([
      pythonWorker('', env, { set, snapshot: set === null }),
      readAsset(env)('set-builder.mjs'),
    ]);
    return env.LOADER.load({
      ...worker,
      mainModule: 'set-builder.mjs',
      modules: { ...worker.modules, 'set-builder.mjs': { js: new TextDecoder().decode(builder) } },
      env: { ...worker.env, SET_FILES: filesOf(props) },
      limits: { cpuMs: STEP_MS, subRequests: BOOT_REQUESTS + MAX_FILES },
      globalOutbound: null,
    }).getEntrypoint<BuilderStub>();
  };
  const put = (set: Pick<PackageSet, 'id'>, file: string, content: object): Promise<unknown> =>
    env.FILES.put(nameIn(set, file), JSON.stringify(content));

  const takeSnapshot = async (set: PackageSet, preload: string[]): Promise<Linked> => {
    const props = { id: set.id, wheels: [] };
    const order = set.bytes.compiled === 0 ? [] : await step(open(set, props), (isolate) => isolate.order(preload));
    const file = `${pythonVersion}/snapshot-0.bin`;
    const linked = await step(open(set, props), (isolate) => isolate.snapshot(preload, order, file));
    // Last: isolates look for it, and then read the snapshot.
    await put(set, `${pythonVersion}/linked.json`, linked);
    return linked;
  };

  return {
    readRequirements,
    version: pythonVersion,
    make: async (job) => {
      const made = await readMade(env, job.id);
      if (made !== null) return made;
      const hashes = job.wheels.map(({ sha256 }) => sha256);
      const { modules, names, bytes } = await step(open(null, { id: job.id, wheels: hashes }), (isolate) =>
        isolate.prepare(hashes, MAX_UNPACKED),
      );
      const set = toSet(job, names, bytes);
      assertFits(set, bytes.largest);
      await put(set, 'set.json', { modules, linked: null });
      const { memory } = await takeSnapshot(set, job.preload ?? preloadOf(job.requirements, set.packages));
      const entry = { ...set, bytes: { ...set.bytes, memory } };
      assertFits(entry, bytes.largest);
      await put(set, ENTRY, entry);
      return entry;
    },
    takeSnapshot: async (set, preload) => void (await takeSnapshot(set, preload)),
  };
}

function readRequirements(wheel: Uint8Array): string[] {
  try {
    return readMetadata(wheel).requires;
  } catch (error) {
    // Whatever the reader of zip files says, the file is the reason.
    throw new SetRefused(`the body is not a wheel: ${(error as Error).message}`, { cause: error });
  }
}

/** Requests of an isolate for its wheels and files. */
const MAX_FILES = 500;

const nameIn = (set: Pick<PackageSet, 'id'>, file: string): string =>
  keyInBucket(`${folderOf({ id: set.id, uploaded: true })}/${file}`);

/** Returns the set if all of its files are there, with a snapshot for this version of the runtime. */
async function readMade(store: PythonStore, id: string): Promise<PackageSet | null> {
  const folder = folderOf({ id, uploaded: true });
  const [entry, linked] = await Promise.all(
    [ENTRY, `${pythonVersion}/linked.json`].map((file) => readIfAny(store, `${folder}/${file}`)),
  );
  return entry && linked ? (JSON.parse(new TextDecoder().decode(entry)) as PackageSet) : null;
}

const toSet = ({ id, name, wheels }: SetJob, names: string[][], bytes: Prepared['bytes']): PackageSet => ({
  id,
  name,
  packages: wheels.map((wheel, i) => ({ name: wheel.name, version: wheel.version, modules: names[i]! })),
  bytes: {
    compiled: bytes.compiled,
    files: bytes.files,
    memory: 0,
    memoryLimit: memoryLimitOf(bytes.compiled, bytes.files),
  },
  parts: { snapshot: 1, site: 1 },
  uploaded: true,
});

/** Bytes of the modules of an isolate without packages: they are 13.4 MB (docs/python-packages.md). */
const RUNTIME_MODULES = 16 << 20;

function assertFits(set: PackageSet, largest: number): void {
  const reason = checkFits(set.bytes, RUNTIME_MODULES, largest);
  if (reason !== null) throw new SetRefused(`it does not fit: ${reason}`);
}

/** Runs one step in its isolate. Whatever fails there is due to the packages: their code runs, and their sizes fill the memory. */
async function step<T>(
  isolate: Promise<Fetcher<BuilderStub>>,
  run: (isolate: Fetcher<BuilderStub>) => Promise<T>,
): Promise<T> {
  const opened = await isolate;
  let result: T | typeof TIMED_OUT;
  try {
    result = await withTimeout(run(opened), STEP_MS);
  } catch (error) {
    const lines = (error as Error).message.trim().split('\n').slice(-5).join('\n');
    throw new SetRefused(`it cannot be made: ${lines.slice(-MAX_MESSAGE)}`, { cause: error });
  }
  if (result === TIMED_OUT) throw new SetRefused('it cannot be made: its packages took too long to import');
  return result;
}
