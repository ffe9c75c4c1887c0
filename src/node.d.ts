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
  interface Text {
    toString(encoding: 'base64url'): string;
  }
  export const Buffer: {
    from(text: string, encoding?: 'base64url'): Uint8Array & Text;
    from(bytes: Uint8Array): Uint8Array & Text;
  };
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
