/** Objects in R2 that are too large for a row: files of users and of operations under `files/`, documents of graphs under `graphs/`. */
export const createBlobs = (bucket: R2Bucket) => ({
  put: async (key: string, content: ArrayBuffer | Uint8Array<ArrayBuffer> | string, owner: string): Promise<void> => {
    await bucket.put(key, content, { customMetadata: { owner } });
  },
  /** Opens an object as a stream, with its size in bytes; null when it does not exist. */
  open: async (key: string): Promise<{ body: ReadableStream; size: number } | null> => {
    const found = await bucket.get(key);
    return found && { body: found.body, size: found.size };
  },
  /** Reads at most `limit` bytes from the start; null when the object does not exist. `size` is of the whole. */
  read: async (key: string, limit = Infinity): Promise<{ bytes: ArrayBuffer; size: number } | null> => {
    const found = await bucket.get(key);
    if (!found) return null;
    const { size } = found;
    if (size <= limit) return { bytes: await found.arrayBuffer(), size };
    // Not with a range from the start: R2 refuses a range of an empty object.
    await found.body.cancel();
    const part = await bucket.get(key, { range: { offset: 0, length: limit } });
    return part && { bytes: await part.arrayBuffer(), size };
  },
  text: async (key: string): Promise<string | null> => (await bucket.get(key))?.text() ?? null,
  /** Lists up to 1,000 objects after the key `after`, in the order of their keys. */
  list: async (after: string): Promise<{ files: { key: string; size: number; owner: string }[]; isLast: boolean }> => {
    const { objects, truncated } = await bucket.list({
      include: ['customMetadata'],
      ...(after !== '' && { startAfter: after }),
    });
    const files = objects.map(({ key, size, customMetadata }) => ({ key, size, owner: customMetadata?.owner ?? '' }));
    return { files, isLast: !truncated };
  },
  /** Deletes one object, or at most 1,000. A missing object is not an error. */
  remove: (keys: string | string[]): Promise<void> => bucket.delete(keys),
});
