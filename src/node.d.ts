/*
 * The parts of Node's API that are used inside workerd (compatibility flag nodejs_compat). @types/node as a whole would redeclare the
 * globals of @cloudflare/workers-types.
 */
declare module 'node:crypto' {
  interface Hmac {
    update(text: string): this;
    digest(encoding: 'hex'): string;
  }
  export function createHmac(algorithm: 'sha256', key: string): Hmac;
}
declare module 'node:async_hooks' {
  export class AsyncLocalStorage<T> {
    run<R>(store: T, work: () => R): R;
    getStore(): T | undefined;
  }
}
