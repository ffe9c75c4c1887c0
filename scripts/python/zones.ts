/**
 * Updates the time zones of Python handlers from the wheel of Python's own package `tzdata`, which has no code but the compiled zones:
 *
 *   pip download --no-deps tzdata && node scripts/python/zones.ts tzdata-*.whl
 *
 * Writes src/runtime/harness/python/zones.bin, which is committed, as no package of the npm registry carries compiled zones. The same wheel
 * gives the same bytes. `_portico/zones.py` reads it.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync, zlibSync } from 'fflate';

const ARCHIVE = join(import.meta.dirname, '../../src/runtime/harness/python/zones.bin');
const TZIF = 'TZif';
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** Packs the zones of a wheel and their list, compressed: a line of JSON, then the bytes. Stores identical zones once. */
export function packZones(wheel: Uint8Array): Uint8Array {
  const content = unzipSync(wheel);
  const version = /IANA_VERSION = "(\w+)"/.exec(text(content['tzdata/__init__.py']!))![1];
  const kept = Object.keys(content)
    .filter((name) => name === 'tzdata/zones' || text(content[name]!.subarray(0, 4)) === TZIF)
    .sort();
  const files: Record<string, [start: number, end: number]> = {};
  const places = new Map<string, [start: number, end: number]>();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const name of kept) {
    const bytes = content[name]!;
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (!places.has(hash)) {
      places.set(hash, [size, (size += bytes.length)]);
      parts.push(bytes);
    }
    files[name.slice('tzdata/'.length)] = places.get(hash)!;
  }
  const head = Buffer.from(`${JSON.stringify({ version, files })}\n`);
  return zlibSync(Buffer.concat([head, ...parts]), { level: 9 });
}

if (process.argv[1] === import.meta.filename) {
  const archive = packZones(readFileSync(process.argv[2]!));
  writeFileSync(ARCHIVE, archive);
  console.log(`${archive.length} bytes`);
}
