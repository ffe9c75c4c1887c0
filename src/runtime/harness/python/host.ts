import { AsyncLocalStorage } from 'node:async_hooks';
import type { HostStub } from '../host-stub';

/** The host of the call that Python runs. It follows Python's waits: several calls may be parked in one interpreter. */
const hosts = new AsyncLocalStorage<HostStub>();

export const withHost = <T>(host: HostStub, work: () => T): T => hosts.run(host, work);
export const currentHost = (): HostStub | undefined => hosts.getStore();
