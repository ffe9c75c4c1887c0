/** What is too large for a row, in R2: files of people and of operations under `files/`, documents of graphs under `graphs/`. */
export const createBlobs = (bucket: R2Bucket) => ({
  put: async (key: string, content: ArrayBuffer | Uint8Array<ArrayBuffer> | string, owner: string): Promise<void> => {
    await bucket.put(key, content, { customMetadata: { owner } });
  },
  /** The bytes, as a stream with their number; null when there is nothing. */
  open: async (key: string): Promise<{ body: ReadableStream; size: number } | null> => {
    const found = await bucket.get(key);
    return found && { body: found.body, size: found.size };
  },
  /** The bytes, at most `limit` of them from the start; null when there is nothing. `size` is of the whole. */
  read: async (key: string, limit = Infinity): Promise<{ bytes: ArrayBuffer; size: number } | null> => {
    const found = await bucket.get(key);
    if (!found) return null;
    const { size } = found;
    if (size <= limit) return { bytes: await found.arrayBuffer(), size };
    // Not a range at once: R2 refuses one of an empty object.
    await found.body.cancel();
    const part = await bucket.get(key, { range: { offset: 0, length: limit } });
    return part && { bytes: await part.arrayBuffer(), size };
  },
  text: async (key: string): Promise<string | null> => (await bucket.get(key))?.text() ?? null,
  /** Removes one object, or at most 1,000. What is not there is no error. */
  remove: (keys: string | string[]): Promise<void> => bucket.delete(keys),
});
