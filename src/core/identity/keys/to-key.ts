import type { KeyRow } from '../../../storage/keys';
import type { Key } from './key.schema';

const iso = (ms: number): string => new Date(ms).toISOString();

/** A key as the API shows it: never its value, never its hash. */
export const toKey = ({ version: _version, ...row }: KeyRow): Key => ({
  ...row,
  expiresAt: row.expiresAt === null ? null : iso(row.expiresAt),
  createdAt: iso(row.createdAt),
  updatedAt: iso(row.updatedAt),
});
