import { sha256Hex } from '../../kernel/signed';

/** A user's id in the form that PLynx's documents have: 24 hex digits, always the same for one user. */
export const objectIdOfUser = (userId: string): string => sha256Hex(userId).slice(0, 24);
