/** Lengths in characters. The upper bound limits the CPU time of hashing. */
const MIN_PASSWORD = 12;
export const MAX_PASSWORD = 256;

/** Normalizes a password, so that every keyboard composes it alike (NIST SP 800-63B, 5.1.1.2: NFKC before hashing). */
export const normalizePassword = (password: string): string => password.normalize('NFKC');

/**
 * Returns why a new password is refused, or null. Checks only its length: rules about characters make passwords worse (the same section).
 */
export function passwordIssue(password: string): string | null {
  if (!password.isWellFormed()) return 'must be well-formed Unicode';
  const length = Array.from(normalizePassword(password)).length;
  if (length < MIN_PASSWORD) return `must have ${MIN_PASSWORD} or more characters`;
  return null;
}
