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
/** Of an unfinished backup. */
const BEGUN = 'begun.json';
const LIST = 'pieces.ndjson';
const PIECES = 'pieces';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Throws an Error where a backup may not be written. */
export function expectNew(folder: string): void {
  if (existsSync(folder)) throw new Error(`${folder} exists. Choose another folder with --to.`);
}

/** Facts of a backup when it begins. `bookmarks` are those of D1 then; null: none were read. */
export interface Begun {
  /** As the command was given it. */
  url: string;
  manifest: Manifest;
  bookmarks: Bookmarks | null;
}

/**
 * Writes a backup into a folder, readable by its owner alone. Until it is whole, the folder has another name, and a later run can go on with
 * it.
 */
export class BackupWriter {
  readonly begun: Begun;
  readonly #folder: string;
  readonly #partial: string;
  readonly #lines: Line[];
  #bytes = 0;

  /** `lines` are the pieces that the folder has. */
  private constructor(folder: string, begun: Begun, lines: Line[]) {
    this.begun = begun;
    this.#folder = folder;
    this.#partial = partialOf(folder);
    this.#lines = lines;
    writeFileSync(join(this.#partial, LIST), lines.map(toText).join(''), { mode: 0o600 });
  }

  /** Begins a folder, in the place of an unfinished one. */
  static begin(folder: string, begun: Begun): BackupWriter {
    expectNew(folder);
    const partial = partialOf(folder);
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(join(partial, PIECES), { recursive: true, mode: 0o700 });
    writeFileSync(join(partial, BEGUN), JSON.stringify(begun), { mode: 0o600 });
    return new BackupWriter(folder, begun, []);
  }

  /** Opens an unfinished folder; null where there is none. What an interruption cut in the middle counts as missing. */
  static resume(folder: string): BackupWriter | null {
    const partial = partialOf(folder);
    if (!existsSync(join(partial, BEGUN)) || !existsSync(join(partial, LIST))) return null;
    const begun = parseLine<Begun>(readFileSync(join(partial, BEGUN), 'utf8'));
    if (begun === null) return null;
    const lines = readFileSync(join(partial, LIST), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map(parseLine<Line>);
    const cut = lines.indexOf(null);
    const whole = (cut < 0 ? lines : lines.slice(0, cut)) as Line[];
    while (whole.length > 0 && !isWhole(partial, whole.at(-1)!)) whole.pop();
    return new BackupWriter(folder, begun, whole);
  }

  get pieces(): number {
    return this.#lines.length;
  }

  /** Bytes that this run has written. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Returns the last piece; null before the first. */
  last(): Piece | null {
    const line = this.#lines.at(-1);
    return line === undefined ? null : toPiece(this.#partial, line);
  }

  add({ part, owner, bytes }: Piece): void {
    const file = `${PIECES}/${String(this.#lines.length + 1).padStart(6, '0')}.gz`;
    const packed = gzipSync(bytes);
    writeFileSync(join(this.#partial, file), packed, { mode: 0o600 });
    const line: Line = { part, ...(owner !== undefined && { owner }), file, sha256: sha256(bytes) };
    appendFileSync(join(this.#partial, LIST), toText(line));
    this.#lines.push(line);
    this.#bytes += packed.length;
  }

  /** Completes the backup. */
  close(): void {
    const list = sha256(readFileSync(join(this.#partial, LIST)));
    const { manifest, bookmarks } = this.begun;
    const text = JSON.stringify({ manifest, pieces: this.pieces, list, ...(bookmarks && { bookmarks }) }, null, 2);
    writeFileSync(join(this.#partial, MANIFEST), text, { mode: 0o600 });
    rmSync(join(this.#partial, BEGUN));
    renameSync(this.#partial, this.#folder);
  }
}

const partialOf = (folder: string): string => `${folder}.partial`;
const toText = (line: Line): string => `${JSON.stringify(line)}\n`;

function parseLine<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}

function isWhole(folder: string, line: Line): boolean {
  try {
    toPiece(folder, line);
    return true;
  } catch {
    return false;
  }
}

/** Reads a piece. Throws an Error that names the file when it is missing or differs from what was written. */
function toPiece(folder: string, { part, owner, file, sha256: expected }: Line): Piece {
  const bytes = readPiece(join(folder, file));
  if (sha256(bytes) !== expected) throw new Error(`${join(folder, file)} is damaged.`);
  return { part, ...(owner !== undefined && { owner }), bytes };
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
  for await (const text of lines) yield toPiece(folder, JSON.parse(text) as Line);
}

function readPiece(path: string): Uint8Array {
  try {
    return gunzipSync(readFileSync(path));
  } catch (error) {
    throw new Error(`${path} is missing or damaged.`, { cause: error });
  }
}
