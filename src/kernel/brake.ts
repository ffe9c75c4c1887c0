import { boundedMap } from './bounded-map';
import { ApiError } from './errors';
import { networksOf } from './network.rules';

interface Window {
  since: number;
  count: number;
}

/** Counts requests that cost a store read in vain, by network, in the memory of one isolate. */
export interface Brake {
  /** False while no network is over its limit: then `check` is not needed. */
  isOn: (now: number) => boolean;
  /** Throws 429 `rate_limited` for an address whose network is over its limit. */
  check: (address: string, now: number) => void;
  count: (address: string, now: number) => void;
}

const NETWORKS = 5000;

/** Returns a brake that allows each network `limit` requests in `windowMs`; `message` is that of the 429. */
export function createBrake(limit: number, windowMs: number, message: string): Brake {
  const windows = boundedMap<Window>(NETWORKS);
  /** When the last window that is over its limit ends. */
  let onUntil = 0;
  const current = (network: string, now: number): Window | undefined => {
    const window = windows.get(network);
    return window && now - window.since < windowMs ? window : undefined;
  };
  return {
    isOn: (now) => now < onUntil,
    check: (address, now) => {
      if (now >= onUntil) return;
      for (const { network, shares } of networksOf(address)) {
        const window = current(network, now);
        if (window === undefined || window.count < limit * shares) continue;
        const headers = { 'retry-after': String(Math.ceil((window.since + windowMs - now) / 1000)) };
        throw new ApiError('rate_limited', message, { headers });
      }
    },
    count: (address, now) => {
      for (const { network, shares } of networksOf(address)) {
        const window = current(network, now) ?? { since: now, count: 0 };
        window.count += 1;
        windows.set(network, window);
        if (window.count >= limit * shares) onUntil = Math.max(onUntil, window.since + windowMs);
      }
    },
  };
}
