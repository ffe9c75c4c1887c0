import type { JWTPayload } from 'jose';
import { isObject } from '../../../kernel/json.rules';
import { claimAt } from '../issuers/claim.rules';
import type { ProviderSettings } from './provider.schema';

/** Groups of one person. */
const MAX_GROUPS = 1000;
/** Characters of a user's name that come from a claim. */
const MAX_NAME = 100;

/**
 * Returns the groups in the claims of a person: those of a list, or one as text. Returns a reason as text where the provider has left
 * groups out, or there are more than 1,000: roles by a part of the groups would be wrong.
 */
export function groupsInClaims(
  { groupsClaim }: Pick<ProviderSettings, 'groupsClaim'>,
  claims: JWTPayload,
): string[] | string {
  const value = claimAt(claims, groupsClaim);
  if (value === undefined) {
    const left = isObject(claims._claim_names) && Object.hasOwn(claims._claim_names, groupsClaim);
    return left ? `the provider left out the claim ${groupsClaim}, because it has too many values` : [];
  }
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length > MAX_GROUPS) return `the claim ${groupsClaim} has more than ${MAX_GROUPS} values`;
  return values.filter((each) => typeof each === 'string');
}

/** Returns whether a person may sign in. An e-mail address counts only where the provider has verified it. */
export function isAdmitted({ admit }: Pick<ProviderSettings, 'admit'>, claims: JWTPayload, groups: string[]): boolean {
  return (
    admit.everyone ||
    groups.some((group) => admit.groups.includes(group)) ||
    (claims.email_verified === true && admit.domains.includes(domainOf(claims.email)))
  );
}

const domainOf = (email: unknown): string =>
  typeof email === 'string' ? email.slice(email.lastIndexOf('@') + 1).toLowerCase() : '';

/** Returns the roles that groups stand for, sorted. */
export const rolesOfGroups = ({ roles }: Pick<ProviderSettings, 'roles'>, groups: string[]): string[] =>
  [...new Set(groups.flatMap((group) => (Object.hasOwn(roles, group) ? [roles[group]!] : [])))].toSorted();

/** Returns a name for a new user, by claims that people recognize; every text becomes a valid name. */
export function nameOf(claims: JWTPayload & { sub: string }): string {
  const email = claims.email_verified === true ? claims.email : undefined;
  const text = [email, claims.preferred_username, claims.sub].find((each) => typeof each === 'string' && each !== '');
  const valid = String(text)
    .slice(0, MAX_NAME)
    .replaceAll(/[^A-Za-z0-9._@+-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return valid === '' ? 'user' : valid;
}
