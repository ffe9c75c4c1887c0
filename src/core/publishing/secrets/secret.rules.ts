/** May somebody with `roles` use a secret: hand it to code as an executor, replace or delete it? A secret without roles is open to all who may do so. */
export const isOpenTo = (secret: { roles: readonly string[] }, roles: readonly string[]): boolean =>
  secret.roles.length === 0 || roles.includes('admin') || secret.roles.some((role) => roles.includes(role));
