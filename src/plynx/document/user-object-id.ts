import { createHash } from 'node:crypto';

/** A user's id in the form that PLynx's documents have: 24 hex digits, always the same for one user. */
export const objectIdOfUser = (userId: string): string =>
  createHash('sha256').update(userId).digest('hex').slice(0, 24);
