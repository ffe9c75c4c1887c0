/** Wheels for tests, made from texts: a test needs no package index. */
import { zipSync } from 'fflate';

export interface WheelParts {
  name: string;
  version: string;
  /** Such as `py3-none-any`. */
  tag?: string;
  requires?: string[];
  files: Record<string, string | Uint8Array>;
}

/** Fixed: the same parts make the same bytes. */
const MADE = '2026-01-01T00:00:00Z';

export const wheelFile = ({ name, version, tag = 'py3-none-any' }: WheelParts): string =>
  `${name}-${version}-${tag}.whl`;

/** Builds the bytes of a wheel. */
export function makeWheel({ name, version, tag = 'py3-none-any', requires = [], files }: WheelParts): Uint8Array {
  const info = `${name}-${version}.dist-info`;
  const required = requires.map((text) => `Requires-Dist: ${text}\n`).join('');
  const all = {
    ...files,
    [`${info}/METADATA`]: `Metadata-Version: 2.4\nName: ${name}\nVersion: ${version}\n${required}\nA package of a test.\n`,
    [`${info}/WHEEL`]: `Wheel-Version: 1.0\nTag: ${tag}\n`,
    [`${info}/licenses/LICENSE`]: 'A license.\n',
  };
  const bytes = Object.entries(all).map(([path, content]): [string, Uint8Array] => [
    path,
    typeof content === 'string' ? new TextEncoder().encode(content) : content,
  ]);
  return zipSync(Object.fromEntries(bytes), { mtime: MADE });
}
