import { toIso } from '../../../kernel/clock';
import type { TokenRow } from '../../../storage/tokens';
import type { Token } from './token.schema';

/** A token as the API shows it: never its value, which is not even stored. */
export const toToken = ({ executorId, ...row }: TokenRow): Token => ({
  ...row,
  executor: executorId,
  expiresAt: row.expiresAt === null ? null : toIso(row.expiresAt),
  createdAt: toIso(row.createdAt),
  updatedAt: toIso(row.updatedAt),
});
