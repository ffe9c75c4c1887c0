/**
 * A snapshot as its pages that are not all zero: [length, number of pages, index of each page, then their bytes]. More than a third of the
 * pages are empty. Restoring them takes a few milliseconds, where gzip takes 100 ms of CPU time of an isolate's first call, and the pages
 * are written directly into the interpreter's memory, without an intermediate copy of 31 MB.
 */
const PAGE = 4096;
const WORD = 4;

/** Packs the output of Pyodide's `makeMemorySnapshot`: a header, then the whole linear memory. */
export function packPages(snapshot: Uint8Array): Uint8Array<ArrayBuffer> {
  const headerBytes = new Uint32Array(snapshot.buffer, snapshot.byteOffset, 2)[1]!;
  const memory = snapshot.subarray(headerBytes);
  const kept: number[] = [];
  for (let page = 0; page * PAGE < memory.length; page++) {
    if (memory.subarray(page * PAGE, (page + 1) * PAGE).some((byte) => byte !== 0)) kept.push(page);
  }
  const head = Uint32Array.of(headerBytes, memory.length, kept.length, ...kept);
  const packed = new Uint8Array(head.byteLength + headerBytes + kept.length * PAGE);
  packed.set(new Uint8Array(head.buffer));
  packed.set(snapshot.subarray(0, headerBytes), head.byteLength);
  const start = head.byteLength + headerBytes;
  kept.forEach((page, i) => packed.set(memory.subarray(page * PAGE, (page + 1) * PAGE), start + i * PAGE));
  return packed;
}

/**
 * Returns the snapshot in Pyodide's format: its header, which Pyodide checks. When Pyodide reads the rest, to copy it into the
 * interpreter's memory, the pages are written there and an empty rest is returned. `memory` is called at that moment.
 */
export function pagedSnapshot(packed: ArrayBuffer, memory: () => ArrayBuffer): Uint8Array {
  const [headerBytes, length, count] = [...new Uint32Array(packed, 0, 3)] as [number, number, number];
  const pages = new Uint32Array(packed, 3 * WORD, count);
  const start = (3 + count) * WORD;
  const header = new Uint8Array(packed.slice(start, start + headerBytes));
  const subarray = (begin: number, end?: number): Uint8Array => {
    if (end !== undefined) return new Uint8Array(header.buffer, begin, end - begin);
    const target = memory();
    if (target.byteLength < length) throw new RangeError('the snapshot is larger than the memory of the interpreter');
    restore(target, pages, new Uint8Array(packed, start + headerBytes));
    return new Uint8Array(0);
  };
  return Object.defineProperty(header, 'subarray', { value: subarray });
}

/** Writes runs of neighboring pages at once, and zeroes what start-up wrote between them. */
function restore(target: ArrayBuffer, pages: Uint32Array, bytes: Uint8Array): void {
  const memory = new Uint8Array(target);
  let written = 0;
  for (let from = 0; from < pages.length;) {
    let to = from + 1;
    while (to < pages.length && pages[to] === pages[to - 1]! + 1) to++;
    const begin = pages[from]! * PAGE;
    clear(target, written, begin);
    memory.set(bytes.subarray(from * PAGE, to * PAGE), begin);
    written = begin + (to - from) * PAGE;
    from = to;
  }
  clear(target, written, target.byteLength);
}

/** Zeroes [begin, end), but only pages that are not zero: writing to untouched memory costs more than reading it. */
function clear(target: ArrayBuffer, begin: number, end: number): void {
  const words = new Uint32Array(target, begin, (end - begin) / WORD);
  for (let i = 0; i < words.length; i++) {
    if (words[i] !== 0) words[i] = 0;
  }
}
