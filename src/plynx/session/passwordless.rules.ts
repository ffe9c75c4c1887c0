/**
 * What stands for the password hash of users who have no password: no password is right for it. It tells these users from people who
 * happen to have the same name.
 */
export const DEFAULT_USER_MARK = 'none:plynx-default';
export const DEMO_USER_MARK = 'none:plynx-demo';

/** The PLynx user who needs no password, where there is one. */
export const DEFAULT_USER_NAME = 'default';

/** Is this the mark of a user without a password? */
export const isPasswordless = (passwordHash: string): boolean =>
  passwordHash === DEFAULT_USER_MARK || passwordHash === DEMO_USER_MARK;

/** May somebody with this password hash come in at all? Users without a password only while their switch is on. */
export function isServed(passwordHash: string, switches: { plynxDefaultUser: boolean; plynxDemo: boolean }): boolean {
  if (passwordHash === DEFAULT_USER_MARK) return switches.plynxDefaultUser;
  if (passwordHash === DEMO_USER_MARK) return switches.plynxDemo;
  return true;
}
