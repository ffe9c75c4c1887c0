import type { createLocalJWKSet } from 'jose';

/** Finds the public key of a token. */
export type FindKey = ReturnType<typeof createLocalJWKSet>;

/** The public keys of an issuer as last read. Times in Unix milliseconds. */
export interface KeySet {
  find: FindKey;
  readAt: number;
}

/** The keys of one URL: those last read, if any, the time of the last attempt to read them, and that attempt while it is under way. */
export interface HeldKeys {
  keys: KeySet | null;
  triedAt: number;
  reading: Promise<KeySet> | null;
}
