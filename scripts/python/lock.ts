/**
 * Python packages that an operator requires (`python-packages.json`), and their versions (`python-packages.lock.json`). Both belong into the
 * repository of the operator; Portico's own has neither.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Name = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower case, at most 40 characters');

const Wanted = z.strictObject({
  /** A folder with wheels of the operator's own, from this one. */
  wheels: z.string().optional(),
  sets: z.record(
    Name,
    z.strictObject({
      requirements: z.array(z.string()).min(1),
      /** Modules in the memory snapshot; without it all that the requirements bring. */
      preload: z.array(z.string().regex(/^[A-Za-z_][\w.]*$/)).optional(),
    }),
  ),
});
export type Wanted = z.infer<typeof Wanted>;

const LockedWheel = z.strictObject({
  name: z.string(),
  version: z.string(),
  file: z.string().regex(/^[^/\\]+\.whl$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** `index`: the Python package index, asked through pip; `pyodide`: its distribution; `folder`: `wheels` of the operator. */
  from: z.enum(['index', 'pyodide', 'folder']),
  url: z.string(),
});
export type LockedWheel = z.infer<typeof LockedWheel>;

const Lock = z.strictObject({
  /** The release of Pyodide that the wheels were chosen for. */
  pyodide: z.string(),
  sets: z.record(
    Name,
    z.strictObject({
      requirements: z.array(z.string()),
      preload: z.array(z.string()).optional(),
      wheels: z.array(LockedWheel),
    }),
  ),
});
export type Lock = z.infer<typeof Lock>;

export const WANTED_FILE = 'python-packages.json';
export const LOCK_FILE = 'python-packages.lock.json';

/** Reads what is wanted; without the file, no sets. Throws with the first issue. */
export const readWanted = (folder: string): Wanted => read(join(folder, WANTED_FILE), Wanted) ?? { sets: {} };

/**
 * Reads the lock file; null without one. Throws when it does not belong to what is wanted or to this release of Pyodide.
 */
export function readLock(folder: string, pyodide: string): Lock | null {
  const wanted = readWanted(folder);
  const lock = read(join(folder, LOCK_FILE), Lock) ?? null;
  if (lock === null && Object.keys(wanted.sets).length === 0) return null;
  const asked = JSON.stringify(
    Object.entries(wanted.sets).map(([name, { requirements, preload }]) => [name, requirements, preload]),
  );
  const locked = Object.entries(lock?.sets ?? {}).map(([name, { requirements, preload }]) => [
    name,
    requirements,
    preload,
  ]);
  if (JSON.stringify(locked) !== asked || lock!.pyodide !== pyodide)
    throw new Error(
      `${LOCK_FILE} does not belong to ${WANTED_FILE} and Pyodide ${pyodide}: run \`npm run python:lock\``,
    );
  return lock;
}

export function writeWanted(folder: string, wanted: Wanted): void {
  writeFileSync(join(folder, WANTED_FILE), `${JSON.stringify(wanted, null, 2)}\n`);
}

export function writeLock(folder: string, lock: Lock): void {
  writeFileSync(join(folder, LOCK_FILE), `${JSON.stringify(lock, null, 2)}\n`);
}

function read<T>(path: string, schema: z.ZodType<T>): T | undefined {
  if (!existsSync(path)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path: place, message } = parsed.error.issues[0]!;
  throw new Error(`${path}: ${place.join('.') || 'it'}: ${message}`);
}
