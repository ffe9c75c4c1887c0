import type { CallHost } from '../types';

/**
 * The host of one call inside the isolate: a stub that ends with the call, and whose copies (`dup`) last until they are disposed of. Only its
 * own call may use it: another one gets an error of the platform.
 */
export interface HostStub extends CallHost {
  dup: () => HostStub;
  [Symbol.dispose]: () => void;
}
