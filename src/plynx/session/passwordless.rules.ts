/**
 * Replaces the password hash of users without a password: no password matches it. It distinguishes these users from people with the same
 * name.
 */
export const DEFAULT_USER_MARK = 'none:plynx-default';
export const DEMO_USER_MARK = 'none:plynx-demo';

/** The PLynx user who needs no password, when enabled. */
export const DEFAULT_USER_NAME = 'default';

/** Returns true for the mark of a user without a password. */
export const isPasswordless = (passwordHash: string): boolean =>
  passwordHash === DEFAULT_USER_MARK || passwordHash === DEMO_USER_MARK;

/** Returns true when a user with this password hash may sign in: users without a password only while their switch is on. */
export function maySignIn(passwordHash: string, switches: { defaultUser: boolean; demoUsers: boolean }): boolean {
  if (passwordHash === DEFAULT_USER_MARK) return switches.defaultUser;
  if (passwordHash === DEMO_USER_MARK) return switches.demoUsers;
  return true;
}
