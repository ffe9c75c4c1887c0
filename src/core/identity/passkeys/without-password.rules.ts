/**
 * True for a user whom an identity provider signs in: a passkey would go on to sign in a person whom the provider has let go. Such a user has
 * a mark in the place of the hash.
 */
export const isWithoutPassword = ({ passwordHash }: { passwordHash: string }): boolean =>
  passwordHash.startsWith('none:');
