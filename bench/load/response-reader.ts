const LINE_END = '\r\n';
const HEAD_END = '\r\n\r\n';
const STATUS_AT = 'HTTP/1.1 '.length;
const EMPTY = Buffer.alloc(0);

/**
 * Reads the responses of one HTTP/1.1 connection, one after the other, without pipelining. Knows bodies with a content-length and chunked
 * ones without trailers; counts their bytes and does not keep them.
 */
export class ResponseReader {
  /** Bytes of an incomplete head or chunk size. */
  #rest: Buffer = EMPTY;
  #state: 'head' | 'body' | 'size' | 'chunk' | 'last' | 'done' = 'head';
  #status = 0;
  /** Bytes to come of the body, or of the chunk with its line end. */
  #missing = 0;

  /** Reads received bytes. Returns the status of the response that they complete, else null. Throws for bytes that are not one response. */
  push(received: Buffer): number | null {
    const bytes = this.#rest.length === 0 ? received : Buffer.concat([this.#rest, received]);
    let at = 0;
    while (this.#state !== 'done') {
      const end = this.#step(bytes, at);
      if (end === null) {
        this.#rest = bytes.subarray(at);
        return null;
      }
      at = end;
    }
    if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes after the end of a response`);
    this.#rest = EMPTY;
    this.#state = 'head';
    return this.#status;
  }

  /** Reads the part that begins at `at`. Returns the end of the bytes used, or null when more must arrive first. */
  #step(bytes: Buffer, at: number): number | null {
    if (this.#state === 'head') return this.#readHead(bytes, at);
    if (this.#state === 'size') return this.#readSize(bytes, at);
    if (at === bytes.length) return null;
    const end = Math.min(bytes.length, at + this.#missing);
    this.#missing -= end - at;
    if (this.#missing === 0) this.#state = this.#state === 'chunk' ? 'size' : 'done';
    return end;
  }

  #readHead(bytes: Buffer, at: number): number | null {
    const end = bytes.indexOf(HEAD_END, at, 'latin1');
    if (end === -1) return null;
    const head = bytes.toString('latin1', at, end).toLowerCase();
    this.#status = head.startsWith('http/1.1 ') ? Number(head.slice(STATUS_AT, STATUS_AT + 3)) : NaN;
    const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
    if (!(this.#status >= 200)) throw new Error(`not a response: ${head.slice(0, 100)}`);
    if (head.includes('\r\ntransfer-encoding: chunked')) this.#state = 'size';
    else if (length !== undefined) this.#expect('body', Number(length));
    else if (this.#status === 204 || this.#status === 304) this.#state = 'done';
    else throw new Error(`a response with status ${this.#status} and without a length`);
    return end + HEAD_END.length;
  }

  #readSize(bytes: Buffer, at: number): number | null {
    const end = bytes.indexOf(LINE_END, at, 'latin1');
    if (end === -1) return null;
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16);
    if (!(size >= 0)) throw new Error('a chunk without a size');
    this.#expect(size === 0 ? 'last' : 'chunk', size + LINE_END.length);
    return end + LINE_END.length;
  }

  #expect(state: 'body' | 'chunk' | 'last', bytes: number): void {
    this.#missing = bytes;
    this.#state = bytes === 0 ? 'done' : state;
  }
}
