/**
 * A snapshot as its pages that are not all zero: [length, number of pages, index of each page, then their bytes]. More than a third of the
 * pages are empty. Restoring them takes a few milliseconds, where gzip takes 100 ms of CPU time of an isolate's first call, and the pages
 * are written directly into the interpreter's memory as they arrive, without an intermediate copy.
 */
export const PAGE = 4096;

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
