/*
 * The parts of Node's API that are used inside workerd (compatibility flag nodejs_compat). @types/node as a whole would redeclare the
 * globals of @cloudflare/workers-types.
 */
declare module 'node:crypto' {
  interface Hash {
    update(data: string): this;
    digest(): Uint8Array;
    digest(encoding: 'hex' | 'base64url'): string;
  }
  interface ScryptOptions {
    N: number;
    r: number;
    p: number;
  }
  export function createHash(algorithm: 'sha256'): Hash;
  export function createHmac(algorithm: 'sha256' | 'sha384' | 'sha512', key: string | Uint8Array): Hash;
  export function scrypt(
    password: string,
    salt: Uint8Array,
    length: number,
    options: ScryptOptions,
    callback: (error: Error | null, key: Uint8Array) => void,
  ): void;
  /** Throws when the lengths differ. */
  export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
}
declare module 'node:buffer' {
  type Encoding = 'base64' | 'base64url' | 'latin1';
  /** Bytes with the methods of Node's own; made of an ArrayBuffer or a part of one, it is a view. */
  export interface Buffer extends Uint8Array<ArrayBuffer> {
    toString(encoding?: Encoding): string;
    indexOf(value: string | Uint8Array | number, from?: number, encoding?: Encoding): number;
    subarray(start?: number, end?: number): Buffer;
  }
  export const Buffer: {
    from(text: string, encoding?: Encoding): Buffer;
    from(bytes: ArrayBufferLike, offset?: number, length?: number): Buffer;
    from(bytes: Uint8Array): Buffer;
  };
}
declare module 'node:zlib' {
  interface Options {
    /** Bytes; a RangeError beyond. */
    maxOutputLength: number;
  }
  type Decompress = (bytes: Uint8Array, options: Options) => Uint8Array;
  export const gunzipSync: Decompress;
  export const inflateSync: Decompress;
  export const inflateRawSync: Decompress;
  export const brotliDecompressSync: Decompress;
  /** What tests make bodies with. */
  type Compress = (data: string | Uint8Array) => Uint8Array;
  export const gzipSync: Compress;
  export const deflateSync: Compress;
  export const deflateRawSync: Compress;
  export const brotliCompressSync: Compress;
}
declare module 'node:async_hooks' {
  export class AsyncLocalStorage<T> {
    run<R>(store: T, work: () => R): R;
    getStore(): T | undefined;
  }
}

/** V8's own: how many frames an error collects when it is made. */
interface ErrorConstructor {
  stackTraceLimit: number;
}
