/** Wheels: zip files with the files of a package, as PEP 427 defines them. */
import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';

/** The file name of a wheel: name, version, and what it runs on. */
export interface WheelName {
  name: string;
  version: string;
  pythons: string[];
  abis: string[];
  platforms: string[];
}

/** Platform of the runtime, by PEP 783. Part of the file names of compiled wheels. */
export const PLATFORM = 'pyemscripten_2026_0_wasm32';
const MINOR = 14;

/** Parses the file name of a wheel. Returns null for other files. */
export function parseWheelName(file: string): WheelName | null {
  const match = /^([^-]+)-([^-]+)(?:-\d[^-]*)?-([^-]+)-([^-]+)-([^-]+)\.whl$/.exec(file);
  if (match === null) return null;
  const [, name = '', version = '', pythons = '', abis = '', platforms = ''] = match;
  return { name, version, pythons: pythons.split('.'), abis: abis.split('.'), platforms: platforms.split('.') };
}

/** Returns whether a wheel runs here: pure, or compiled for this Python and platform. */
export function fitsRuntime({ pythons, abis, platforms }: WheelName): boolean {
  const isPure = abis.includes('none') && platforms.includes('any');
  if (isPure) return pythons.some((tag) => tag === 'py3' || /^(?:py|cp)3\d*$/.test(tag));
  if (!platforms.includes(PLATFORM)) return false;
  if (abis.includes('none')) return pythons.some((tag) => /^(?:py|cp)3\d*$/.test(tag));
  if (abis.includes(`cp3${MINOR}`)) return pythons.includes(`cp3${MINOR}`);
  return abis.includes('abi3') && pythons.some((tag) => /^cp3\d+$/.test(tag) && Number(tag.slice(3)) <= MINOR);
}

/** A wheel's content: files by their path in site-packages. */
export interface Wheel {
  files: Record<string, Uint8Array>;
  /** Requirements as the metadata has them. */
  requires: string[];
  requiresPython: string;
  /** Names that a script imports. */
  modules: string[];
}

const MAX_UNPACKED = 512 << 20;
/** Of no use at run time: sources in C, stubs for editors, tests. */
const UNUSED =
  /(?:\.(?:pyi|pxd|pyx|pxi|c|cc|cpp|h|hpp|a|o|pyc|map)|(?:^|\/)py\.typed)$|(?:^|\/)(?:tests|__pycache__)\//;
/** Kept of a package's metadata: what `importlib.metadata` reads, and the licenses. */
const METADATA =
  /^[^/]+\.dist-info\/(?:METADATA|entry_points\.txt|top_level\.txt|RECORD|(?:licenses\/.+|LICEN[CS]E[^/]*|COPYING[^/]*|NOTICE[^/]*|AUTHORS[^/]*))$/i;

/** Reads a wheel. Throws for one that would write outside its folder, or that is too large. */
export function readWheel(bytes: Uint8Array): Wheel {
  const whole = unpack(bytes);
  const metadata = Object.entries(whole).find(([path]) => /^[^/]+\.dist-info\/METADATA$/.test(path));
  if (metadata === undefined) throw new Error('it has no METADATA: it is not a wheel');
  const header = new TextDecoder().decode(metadata[1]).split(/\r?\n\r?\n/, 1)[0]!;
  const field = (name: string): string[] =>
    [...header.matchAll(new RegExp(`^${name}:(.*(?:\\n[ \\t].*)*)$`, 'gim'))].map(([, value]) => value!.trim());
  const files = Object.fromEntries(
    Object.entries(whole)
      .map(([path, content]) => [installedPath(path), content] as const)
      .filter((file): file is [string, Uint8Array] => file[0] !== null && isKept(file[0])),
  );
  return {
    files,
    requires: field('Requires-Dist'),
    requiresPython: field('Requires-Python')[0] ?? '',
    modules: modulesOf(Object.keys(files)),
  };
}

function unpack(bytes: Uint8Array): Record<string, Uint8Array> {
  let size = 0;
  const whole = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      size += originalSize;
      if (size > MAX_UNPACKED) throw new Error(`it has more than ${MAX_UNPACKED >> 20} MiB unpacked`);
      if (name.startsWith('/') || name.includes('\\') || name.split('/').includes('..'))
        throw new Error(`it has a file outside of its folder: ${name}`);
      return !name.endsWith('/');
    },
  });
  return whole;
}

/** Returns the path in site-packages; null for scripts, headers and data, which a handler cannot use. */
function installedPath(path: string): string | null {
  const [, kind, rest] = /^[^/]+\.data\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (kind === undefined) return path;
  return kind === 'purelib' || kind === 'platlib' ? rest! : null;
}

const isKept = (path: string): boolean => (path.includes('.dist-info/') ? METADATA.test(path) : !UNUSED.test(path));

function modulesOf(paths: string[]): string[] {
  const names = paths.map((path) => /^([A-Za-z_]\w*)(?:\/.*\.(?:py|so)|(?:\.[^/]*)?\.(?:py|so))$/.exec(path)?.[1]);
  return [...new Set(names)].filter((name) => name !== undefined).sort();
}

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
