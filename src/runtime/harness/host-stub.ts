import type { CallHost } from '../types';

/**
 * What Portico lends to one call, as it arrives inside the isolate: a stub that ends with the call, and a copy of which (`dup`) lasts until
 * it is disposed of. It belongs to its call: another one that uses it gets an error of the platform.
 */
export interface HostStub extends CallHost {
  dup: () => HostStub;
  [Symbol.dispose]: () => void;
}
