/** Names of wheels, as the specification of binary distributions has them, and what they say of where a wheel runs. */

/** The file name of a wheel: name, version, and what it runs on. */
export interface WheelName {
  name: string;
  version: string;
  pythons: string[];
  abis: string[];
  platforms: string[];
}

/** Platform of the runtime, by PEP 783. Part of the file names of compiled wheels. */
export const WHEEL_PLATFORM = 'pyemscripten_2026_0_wasm32';
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
  if (!platforms.includes(WHEEL_PLATFORM)) return false;
  if (abis.includes('none')) return pythons.some((tag) => /^(?:py|cp)3\d*$/.test(tag));
  if (abis.includes(`cp3${MINOR}`)) return pythons.includes(`cp3${MINOR}`);
  return abis.includes('abi3') && pythons.some((tag) => /^cp3\d+$/.test(tag) && Number(tag.slice(3)) <= MINOR);
}
