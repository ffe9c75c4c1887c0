import { sha256Hex } from '../../kernel/signed';

/** Returns a user's id in the form of PLynx's documents: 24 hex digits, constant for each user. */
export const objectIdOfUser = (userId: string): string => sha256Hex(userId).slice(0, 24);
