/** Bytes that one read asks for at least: a stream of the platform gives 4 KiB at a time otherwise. */
const CHUNK = 1 << 18;

/** Reads a stream in order: some bytes exactly, or the rest as it comes. */
export class ByteReader {
  readonly #reader: ReadableStreamBYOBReader;
  #rest = new Uint8Array(0);
  #buffer = new ArrayBuffer(CHUNK);

  constructor(stream: ReadableStream) {
    this.#reader = stream.getReader({ mode: 'byob' });
  }

  /** Resolves to the next `length` bytes, as a copy. Rejects when the stream ends before. */
  async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const taken = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const part = await this.next(length - at);
      if (part === undefined) throw new RangeError('a file of the Python runtime is cut short');
      taken.set(part, at);
      at += part.length;
    }
    return taken;
  }

  /** Resolves to at most `length` of the next bytes, valid until the next read; undefined at the end. */
  async next(length: number): Promise<Uint8Array | undefined> {
    if (this.#rest.length === 0 && !(await this.#fill())) return undefined;
    const part = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }

  async #fill(): Promise<boolean> {
    const { value } = await this.#reader.readAtLeast(CHUNK, new Uint8Array(this.#buffer));
    if (value === undefined) return false;
    this.#buffer = value.buffer as ArrayBuffer;
    this.#rest = value as Uint8Array<ArrayBuffer>;
    return value.length > 0;
  }
}
