/** A file as a response, with a name under which clients save it. */
export interface ExportedFile {
  type: string;
  filename: string;
  body: ReadableStream<Uint8Array>;
}

/**
 * Returns the parts of a text as a stream that reads each part when it is asked for. The first part is read at once, so that its failure is
 * thrown.
 */
export async function streamParts(parts: AsyncGenerator<string, void, void>): Promise<ReadableStream<Uint8Array>> {
  let next = await parts.next();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (next.done) controller.close();
      else {
        controller.enqueue(new TextEncoder().encode(next.value));
        next = await parts.next();
      }
    },
    cancel: async () => void (await parts.return()),
  });
}

/** One JSON text per line. */
export const toNdjson = (items: readonly object[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('');

export const CSV_TYPE = 'text/csv; charset=utf-8; header=present';
export const NDJSON_TYPE = 'application/x-ndjson';
