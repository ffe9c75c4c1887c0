import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  appendFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Bookmarks } from './bookmarks.ts';
import type { Manifest, Piece } from './service.ts';

/** A stored piece: its file in the folder, and the SHA-256 of what the file contains. */
interface Line {
  part: string;
  owner?: string;
  file: string;
  sha256: string;
}

const MANIFEST = 'backup.json';
const LIST = 'pieces.ndjson';
const PIECES = 'pieces';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Throws an Error where a backup may not be written. */
export function expectNew(folder: string): void {
  if (existsSync(folder)) throw new Error(`${folder} exists. Choose another folder with --to.`);
}

/**
 * Writes a backup into a folder, readable by its owner alone. Until it is whole, the folder has another name; what an interruption left
 * there is replaced.
 */
export class BackupWriter {
  readonly #folder: string;
  readonly #partial: string;
  #count = 0;
  #bytes = 0;

  constructor(folder: string) {
    expectNew(folder);
    this.#folder = folder;
    this.#partial = `${folder}.partial`;
    rmSync(this.#partial, { recursive: true, force: true });
    mkdirSync(join(this.#partial, PIECES), { recursive: true, mode: 0o700 });
    writeFileSync(join(this.#partial, LIST), '', { mode: 0o600 });
  }

  add({ part, owner, bytes }: Piece): void {
    const hash = sha256(bytes);
    const file = `${PIECES}/${String(++this.#count).padStart(6, '0')}.gz`;
    const packed = gzipSync(bytes);
    writeFileSync(join(this.#partial, file), packed, { mode: 0o600 });
    const line: Line = { part, ...(owner !== undefined && { owner }), file, sha256: hash };
    appendFileSync(join(this.#partial, LIST), `${JSON.stringify(line)}\n`);
    this.#bytes += packed.length;
  }

  /** Completes the backup. Returns its size. `bookmarks` are those of D1 at its begin; null: none were read. */
  close(manifest: Manifest, bookmarks: Bookmarks | null): { pieces: number; bytes: number } {
    const list = sha256(readFileSync(join(this.#partial, LIST)));
    const text = JSON.stringify({ manifest, pieces: this.#count, list, ...(bookmarks && { bookmarks }) }, null, 2);
    writeFileSync(join(this.#partial, MANIFEST), text, { mode: 0o600 });
    renameSync(this.#partial, this.#folder);
    return { pieces: this.#count, bytes: this.#bytes };
  }
}

/** A backup in a folder, which was found whole. */
export interface StoredBackup {
  manifest: Manifest;
  /** D1's Time Travel bookmarks of the databases at that time; empty when they were not noted. */
  bookmarks: Bookmarks;
  pieces: () => AsyncGenerator<Piece>;
}

/** Opens a backup. Throws an Error that names the file when one is missing or differs from what was written. */
export async function openBackup(folder: string): Promise<StoredBackup> {
  const file = join(folder, MANIFEST);
  if (!existsSync(file)) throw new Error(`${folder} is no backup: it has no ${MANIFEST}.`);
  const {
    manifest,
    pieces,
    list,
    bookmarks = {},
  } = JSON.parse(readFileSync(file, 'utf8')) as {
    manifest: Manifest;
    pieces: number;
    list: string;
    bookmarks?: Bookmarks;
  };
  if (sha256(readFileSync(join(folder, LIST))) !== list) throw new Error(`${join(folder, LIST)} is damaged.`);
  let found = 0;
  for await (const _ of readPieces(folder)) found += 1;
  if (found !== pieces) throw new Error(`${folder} has ${found} pieces instead of ${pieces}.`);
  return { manifest, bookmarks, pieces: () => readPieces(folder) };
}

async function* readPieces(folder: string): AsyncGenerator<Piece> {
  const lines = createInterface({ input: createReadStream(join(folder, LIST)), crlfDelay: Infinity });
  for await (const text of lines) {
    const { part, owner, file, sha256: expected } = JSON.parse(text) as Line;
    const bytes = readPiece(join(folder, file));
    if (sha256(bytes) !== expected) throw new Error(`${join(folder, file)} is damaged.`);
    yield { part, ...(owner !== undefined && { owner }), bytes };
  }
}

function readPiece(path: string): Uint8Array {
  try {
    return gunzipSync(readFileSync(path));
  } catch (error) {
    throw new Error(`${path} is missing or damaged.`, { cause: error });
  }
}
