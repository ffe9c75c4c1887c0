/** Hashes of run ids that an object remembers, to recognize a batch that arrives twice at once. */
const MAX_RECENT = 50_000;

/** Hashes of the ids that were stored last, in memory. */
export class RecentHashes {
  readonly #hashes = new Set<number>();

  add(hashes: Uint32Array): void {
    for (const hash of hashes) this.#hashes.add(hash);
    for (const oldest of this.#hashes) {
      if (this.#hashes.size <= MAX_RECENT) break;
      this.#hashes.delete(oldest);
    }
  }

  hasAny(hashes: Uint32Array): boolean {
    return hashes.some((hash) => this.#hashes.has(hash));
  }

  clear(): void {
    this.#hashes.clear();
  }
}
