/** In characters. The upper bound keeps a password from being a way to make the service work. */
const MIN_PASSWORD = 12;
export const MAX_PASSWORD = 256;

/** One spelling per password, whichever keyboard composed it (NIST SP 800-63B, 5.1.1.2: NFKC before hashing). */
export const normalizePassword = (password: string): string => password.normalize('NFKC');

/** Why a new password is refused, or null. Length only: rules about characters make passwords worse (the same section). */
export function passwordIssue(password: string): string | null {
  if (!password.isWellFormed()) return 'must be well-formed Unicode';
  const length = Array.from(normalizePassword(password)).length;
  if (length < MIN_PASSWORD) return `must have ${MIN_PASSWORD} or more characters`;
  return null;
}
