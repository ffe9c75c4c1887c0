import { toIso } from '../../../kernel/clock';
import type { KeyRow } from '../../../storage/keys';
import type { Key } from './key.schema';

/** A key as the API shows it: never its value, never its hash. */
export const toKey = ({ version: _version, ...row }: KeyRow): Key => ({
  ...row,
  expiresAt: row.expiresAt === null ? null : toIso(row.expiresAt),
  createdAt: toIso(row.createdAt),
  updatedAt: toIso(row.updatedAt),
});
