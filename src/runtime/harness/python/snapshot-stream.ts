import type { ByteReader } from './byte-reader';
import { PAGE } from './pages';

const WORD = 4;

/** A snapshot that is being read: Pyodide's header is there, the pages are still to come. */
export interface OpenSnapshot {
  /** Bytes of linear memory that the snapshot was made from. */
  memoryBytes: number;
  /** The snapshot in Pyodide's format, which checks its header and copies the rest into the memory: the rest is empty. */
  header: Uint8Array;
  /** Writes the pages into the memory of an interpreter that has started, and zeroes all others. Once. */
  restore: (memory: ArrayBuffer) => Promise<void>;
}

/** Reads the head of a packed snapshot. Nothing of it is kept but its header: 18 MB and more would stay in the isolate for its life. */
export async function openSnapshot(reader: ByteReader): Promise<OpenSnapshot> {
  const [headerBytes, memoryBytes, count] = [...words(await reader.take(3 * WORD))] as [number, number, number];
  const pages = words(await reader.take(count * WORD));
  const header = await reader.take(headerBytes);
  const subarray = (begin: number, end?: number): Uint8Array =>
    end === undefined ? new Uint8Array(0) : new Uint8Array(header.buffer, begin, end - begin);
  return {
    memoryBytes,
    header: Object.defineProperty(header, 'subarray', { value: subarray }),
    restore: async (memory) => {
      if (memory.byteLength < memoryBytes)
        throw new RangeError('the snapshot is larger than the memory of the interpreter');
      clearOthers(memory, pages);
      await fillPages(new Uint8Array(memory), pages, reader);
    },
  };
}

const words = (bytes: Uint8Array<ArrayBuffer>): Uint32Array => new Uint32Array(bytes.buffer);

async function fillPages(memory: Uint8Array, pages: Uint32Array, reader: ByteReader): Promise<void> {
  for (let from = 0; from < pages.length;) {
    let to = from + 1;
    while (to < pages.length && pages[to] === pages[to - 1]! + 1) to++;
    const end = (pages[from]! + to - from) * PAGE;
    for (let at = pages[from]! * PAGE; at < end;) {
      const part = await reader.next(end - at);
      if (part === undefined) throw new RangeError('the snapshot is cut short');
      memory.set(part, at);
      at += part.length;
    }
    from = to;
  }
}

/** Zeroes what start-up wrote into pages that the snapshot does not have. */
function clearOthers(memory: ArrayBuffer, pages: Uint32Array): void {
  let cleared = 0;
  for (const page of pages) {
    clear(memory, cleared, page * PAGE);
    cleared = (page + 1) * PAGE;
  }
  clear(memory, cleared, memory.byteLength);
}

/** Zeroes [begin, end), but only pages that are not zero: writing to untouched memory costs more than reading it. */
function clear(target: ArrayBuffer, begin: number, end: number): void {
  const words = new Uint32Array(target, begin, (end - begin) / WORD);
  for (let i = 0; i < words.length; i++) {
    if (words[i] !== 0) words[i] = 0;
  }
}
