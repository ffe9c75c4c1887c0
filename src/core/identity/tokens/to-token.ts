import type { TokenRow } from '../../../storage/tokens';
import type { Token } from './token.schema';

const iso = (ms: number): string => new Date(ms).toISOString();

/** A token as the API shows it: never its value, which is not even stored. */
export const toToken = ({ executorId, ...row }: TokenRow): Token => ({
  ...row,
  executor: executorId,
  expiresAt: row.expiresAt === null ? null : iso(row.expiresAt),
  createdAt: iso(row.createdAt),
  updatedAt: iso(row.updatedAt),
});
