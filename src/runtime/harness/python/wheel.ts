/** Wheels: zip files with the files of a package, as PEP 427 defines them. */
import { unzipSync } from 'fflate';

/** A wheel's content: files by their path in site-packages. */
export interface Wheel {
  files: Record<string, Uint8Array>;
  /** Requirements as the metadata has them. */
  requires: string[];
  requiresPython: string;
  /** Names that a script imports. */
  modules: string[];
}

/** Bytes that a wheel may have unpacked, at a build; less where an isolate unpacks it. */
const MAX_UNPACKED = 512 << 20;
/** Of no use at run time: sources in C, stubs for editors, tests. */
const UNUSED =
  /(?:\.(?:pyi|pxd|pyx|pxi|c|cc|cpp|h|hpp|a|o|pyc|map)|(?:^|\/)py\.typed)$|(?:^|\/)(?:tests|__pycache__)\//;
/** Kept of a package's metadata: what `importlib.metadata` reads, and the licenses. */
const METADATA =
  /^[^/]+\.dist-info\/(?:METADATA|entry_points\.txt|top_level\.txt|RECORD|(?:licenses\/.+|LICEN[CS]E[^/]*|COPYING[^/]*|NOTICE[^/]*|AUTHORS[^/]*))$/i;

/** Reads a wheel. Throws for one that would write outside its folder, or that is too large. */
export function readWheel(bytes: Uint8Array, maxUnpacked = MAX_UNPACKED): Wheel {
  const whole = unpack(bytes, maxUnpacked);
  const files = Object.fromEntries(
    Object.entries(whole)
      .map(([path, content]) => [installedPath(path), content] as const)
      .filter((file): file is [string, Uint8Array] => file[0] !== null && isKept(file[0])),
  );
  return { files, ...metadataOf(whole), modules: modulesOf(Object.keys(files)) };
}

const METADATA_FILE = /^[^/]+\.dist-info\/METADATA$/;
/** Bytes of the metadata of a wheel, which has its description too. */
const MAX_METADATA = 4 << 20;

/** Reads only the metadata of a wheel, without unpacking the rest. Throws for a file that is none. */
export function readMetadata(bytes: Uint8Array): Pick<Wheel, 'requires' | 'requiresPython'> {
  return metadataOf(unpack(bytes, MAX_METADATA, (name) => METADATA_FILE.test(name)));
}

function metadataOf(files: Record<string, Uint8Array>): Pick<Wheel, 'requires' | 'requiresPython'> {
  const metadata = Object.entries(files).find(([path]) => METADATA_FILE.test(path));
  if (metadata === undefined) throw new Error('it has no METADATA: it is not a wheel');
  const header = new TextDecoder().decode(metadata[1]).split(/\r?\n\r?\n/, 1)[0]!;
  const field = (name: string): string[] =>
    [...header.matchAll(new RegExp(`^${name}:(.*(?:\\n[ \\t].*)*)$`, 'gim'))].map(([, value]) => value!.trim());
  return { requires: field('Requires-Dist'), requiresPython: field('Requires-Python')[0] ?? '' };
}

function unpack(
  bytes: Uint8Array,
  maxUnpacked: number,
  isWanted: (name: string) => boolean = () => true,
): Record<string, Uint8Array> {
  let size = 0;
  return unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (name.startsWith('/') || name.includes('\\') || name.split('/').includes('..'))
        throw new Error(`it has a file outside of its folder: ${name}`);
      if (name.endsWith('/') || !isWanted(name)) return false;
      size += originalSize;
      if (size > maxUnpacked) throw new Error(`it has more than ${maxUnpacked >> 20} MiB unpacked`);
      return true;
    },
  });
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
