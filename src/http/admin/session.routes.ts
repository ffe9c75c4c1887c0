import { getSession } from '../../core/identity/sessions/get-session';
import { refreshSession } from '../../core/identity/sessions/refresh-session';
import { OwnSession, RefreshInput, SignedIn, SignInInput } from '../../core/identity/sessions/session.schema';
import { signIn } from '../../core/identity/sessions/sign-in';
import { signOut } from '../../core/identity/sessions/sign-out';
import { bootstrap } from '../../core/identity/users/bootstrap';
import { changePassword } from '../../core/identity/users/change-password';
import { BootstrapInput, ChangePasswordInput, User } from '../../core/identity/users/user.schema';
import { route } from '../wire/route';

const tag = 'Session';

export const sessionRoutes = [
  route({
    id: 'bootstrap',
    method: 'post',
    path: '/admin/bootstrap',
    verb: bootstrap,
    tag,
    summary: 'Create the first admin',
    body: BootstrapInput,
    answers: { 201: User },
    notReplayable: true,
    args: ({ bearer, body }) => [bearer, body],
  }),
  route({
    id: 'signIn',
    method: 'post',
    path: '/admin/session',
    verb: signIn,
    tag,
    summary: 'Sign in',
    body: SignInInput,
    answers: { 200: SignedIn },
    notReplayable: true,
    args: ({ body }) => [body],
  }),
  route({
    id: 'refreshSession',
    method: 'post',
    path: '/admin/session/refresh',
    verb: refreshSession,
    tag,
    summary: 'Exchange a refresh token for new tokens; a second use of it ends the session',
    body: RefreshInput,
    answers: { 200: SignedIn },
    notReplayable: true,
    args: ({ body }) => [body.refreshToken],
  }),
  route({
    id: 'getSession',
    method: 'get',
    path: '/admin/session',
    verb: getSession,
    tag,
    summary: 'Read the signed-in user and their permissions',
    answers: { 200: OwnSession },
    args: () => [],
  }),
  route({
    id: 'changePassword',
    method: 'patch',
    path: '/admin/session',
    verb: changePassword,
    tag,
    summary: 'Change my password; my other sessions end',
    body: ChangePasswordInput,
    answers: { 204: null },
    args: ({ body }) => [body],
  }),
  route({
    id: 'signOut',
    method: 'delete',
    path: '/admin/session',
    verb: signOut,
    tag,
    summary: 'Sign out',
    answers: { 204: null },
    args: () => [],
  }),
] as const;
