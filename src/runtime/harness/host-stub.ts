import type { CallHost } from '../types';

/**
 * The host of one call inside the isolate: a stub that ends with the call, and whose copies (`dup`) last until they are disposed of. Another
 * call that uses it gets an error of the platform; in a shared instance, it asks with the limits of the first one.
 */
export interface HostStub extends CallHost {
  dup: () => HostStub;
  [Symbol.dispose]: () => void;
}
