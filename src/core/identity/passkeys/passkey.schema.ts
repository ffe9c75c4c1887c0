import * as z from 'zod';
import { Password } from '../users/user.schema';

/** Passkeys of one user. */
export const MAX_PASSKEYS = 20;

const base64Url = (maxChars: number) =>
  z
    .string()
    .min(1)
    .max(maxChars)
    .regex(/^[\w-]+$/, 'must be base64url without padding');

/** Signature algorithms by their COSE numbers: ES256 and RS256, which every authenticator has one of. */
export const PASSKEY_ALGORITHMS = [-7, -257] as const;

const CredentialId = base64Url(1366).meta({ description: 'Id of the credential, which the authenticator has made' });
const ClientData = base64Url(4096).meta({ description: '`clientDataJSON` of the response' });
const AuthenticatorData = base64Url(4096).meta({ description: '`authenticatorData` of the response' });

export const PreparePasskeyInput = z.strictObject({ password: Password });
export type PreparePasskeyInput = z.infer<typeof PreparePasskeyInput>;

/** Options of `navigator.credentials.create`. */
export const PasskeyOptions = z.object({
  challenge: z.string().meta({ description: 'Its UTF-8 bytes are the challenge; valid for 5 minutes' }),
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string() }),
  algorithms: z.array(z.int()),
  exclude: z.array(z.string()).meta({ description: 'Credentials that the user has already' }),
});
export type PasskeyOptions = z.infer<typeof PasskeyOptions>;

export const AddPasskeyInput = z.strictObject({
  name: z.string().trim().min(1).max(64),
  credential: CredentialId,
  clientData: ClientData,
  authenticatorData: AuthenticatorData,
  publicKey: base64Url(2048).meta({ description: '`getPublicKey()` of the response: SPKI' }),
  algorithm: z.literal(PASSKEY_ALGORITHMS),
});
export type AddPasskeyInput = z.infer<typeof AddPasskeyInput>;

export const Passkey = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});
export type Passkey = z.infer<typeof Passkey>;

/** Options of `navigator.credentials.get`. */
export const PasskeyChallenge = z.object({
  challenge: z.string().meta({ description: 'Its UTF-8 bytes are the challenge; valid for 5 minutes' }),
  rpId: z.string(),
});
export type PasskeyChallenge = z.infer<typeof PasskeyChallenge>;

export const PasskeySignInInput = z.strictObject({
  credential: CredentialId,
  clientData: ClientData,
  authenticatorData: AuthenticatorData,
  signature: base64Url(1024),
});
export type PasskeySignInInput = z.infer<typeof PasskeySignInInput>;
