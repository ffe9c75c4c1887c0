import * as z from 'zod';
import { MAX_PASSWORD } from '../users/password.rules';
import { AuthorizedInput } from '../providers/provider.schema';
import { User } from '../users/user.schema';

export const SignInInput = z.strictObject({
  name: z.string().min(1).max(128),
  password: z.string().min(1).max(MAX_PASSWORD),
});
export type SignInInput = z.infer<typeof SignInInput>;

/** Credentials with which a browser signs in. */
export const CookieSignInInput = z.union([
  SignInInput,
  z.strictObject({ code: z.string().min(1).max(256).meta({ description: 'From a link of `npm start`; works once' }) }),
  AuthorizedInput,
]);
export type CookieSignInInput = z.infer<typeof CookieSignInInput>;

export const RefreshInput = z.strictObject({ refreshToken: z.string().max(256) });
export type RefreshInput = z.infer<typeof RefreshInput>;

/** The response to signing in and to a refresh. */
export const SignedIn = z.object({
  accessToken: z.string().meta({ description: 'For the admin API: `Authorization: Bearer <accessToken>`' }),
  endpointToken: z.string().meta({ description: 'For endpoints of level authenticated; valid as long as accessToken' }),
  refreshToken: z.string().meta({ description: 'For one POST /admin/session/refresh, which returns the next one' }),
  expiresIn: z.int().meta({ description: 'Seconds for which accessToken and endpointToken are valid' }),
  user: User,
});
export type SignedIn = z.infer<typeof SignedIn>;

/** A session of the signed-in user. */
export const SessionEntry = z.object({
  id: z.string(),
  holder: z.enum(['browser', 'program']).meta({ description: 'A browser with a cookie, or a program with tokens' }),
  address: z.string().meta({ description: 'Address of the sign-in; empty for older sessions' }),
  current: z.boolean().meta({ description: 'True for the session of this request' }),
  createdAt: z.iso.datetime(),
  refreshedAt: z.iso.datetime().meta({ description: 'Last refresh of its tokens' }),
  expiresAt: z.iso.datetime(),
});
export type SessionEntry = z.infer<typeof SessionEntry>;

export const OwnSession = z.object({
  id: z.string(),
  user: User,
  permissions: z.array(z.string()).meta({ description: 'The actions that the roles of this user permit' }),
});
export type OwnSession = z.infer<typeof OwnSession>;
