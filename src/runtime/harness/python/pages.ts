/**
 * A snapshot as its pages that are not all zero: [length, number of pages, index of each page, then their bytes]. More than a third of the
 * pages are empty. Restoring them takes a few milliseconds, where gzip takes 100 ms of CPU time of an isolate's first call, and the pages
 * are written directly into the interpreter's memory as they arrive, without an intermediate copy.
 */
export const PAGE = 4096;

/** A packed snapshot in parts, which are views of the memory: nothing is copied. */
export interface PackedPages {
  length: number;
  parts: Uint8Array[];
}

/** Splits the output of Pyodide's `makeMemorySnapshot`, a header and then the whole linear memory, into the parts of a packed snapshot. */
export function pagesOf(snapshot: Uint8Array): PackedPages {
  const headerBytes = new Uint32Array(snapshot.buffer, snapshot.byteOffset, 2)[1]!;
  const memory = snapshot.subarray(headerBytes);
  const kept: number[] = [];
  for (let page = 0; page * PAGE < memory.length; page++) {
    if (memory.subarray(page * PAGE, (page + 1) * PAGE).some((byte) => byte !== 0)) kept.push(page);
  }
  const head = Uint32Array.of(headerBytes, memory.length, kept.length, ...kept);
  const parts = [
    new Uint8Array(head.buffer),
    snapshot.subarray(0, headerBytes),
    ...kept.map((page) => memory.subarray(page * PAGE, (page + 1) * PAGE)),
  ];
  return { length: parts.reduce((sum, part) => sum + part.length, 0), parts };
}

/** Packs the output of Pyodide's `makeMemorySnapshot`. */
export function packPages(snapshot: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length, parts } = pagesOf(snapshot);
  const packed = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    packed.set(part, at);
    at += part.length;
  }
  return packed;
}
