import * as z from 'zod';
import { getSession } from '../../core/identity/sessions/get-session';
import { endOtherSessions, endSession, listSessions } from '../../core/identity/sessions/own-sessions';
import { refreshSession } from '../../core/identity/sessions/refresh-session';
import {
  CookieSignInInput,
  OwnSession,
  RefreshInput,
  SessionEntry,
  SignedIn,
  SignInInput,
} from '../../core/identity/sessions/session.schema';
import { signIn } from '../../core/identity/sessions/sign-in';
import { signInWithCookie } from '../../core/identity/sessions/sign-in-with-cookie';
import { signOut } from '../../core/identity/sessions/sign-out';
import { bootstrap } from '../../core/identity/users/bootstrap';
import { changePassword } from '../../core/identity/users/change-password';
import { BootstrapInput, ChangePasswordInput, User } from '../../core/identity/users/user.schema';
import { IdParams, route } from '../wire/route';
import { sessionCookie } from './session-cookie';

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
    id: 'signInWithCookie',
    method: 'post',
    path: '/admin/session/cookie',
    verb: signInWithCookie,
    tag,
    summary: 'Sign a browser in, with a cookie instead of tokens',
    body: CookieSignInInput,
    answers: { 200: OwnSession },
    notReplayable: true,
    run: async (ctx, { body }) => {
      const { session, secret, maxAgeSeconds } = await signInWithCookie(ctx, body);
      return { body: session, headers: { 'set-cookie': sessionCookie(ctx.origin, secret, maxAgeSeconds) } };
    },
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
    id: 'listSessions',
    method: 'get',
    path: '/admin/sessions',
    verb: listSessions,
    tag,
    summary: 'List my sessions, newest first',
    answers: { 200: z.object({ items: z.array(SessionEntry) }) },
    args: () => [],
  }),
  route({
    id: 'endSession',
    method: 'delete',
    path: '/admin/sessions/:id',
    verb: endSession,
    tag,
    summary: 'End one of my sessions',
    params: IdParams,
    answers: { 204: null },
    args: ({ params }) => [params.id],
  }),
  route({
    id: 'endOtherSessions',
    method: 'delete',
    path: '/admin/sessions',
    verb: endOtherSessions,
    tag,
    summary: 'End my other sessions',
    answers: { 204: null },
    args: () => [],
  }),
  route({
    id: 'signOut',
    method: 'delete',
    path: '/admin/session',
    verb: signOut,
    tag,
    summary: 'Sign out',
    answers: { 204: null },
    run: async (ctx) => {
      await signOut(ctx);
      return { status: 204, headers: { 'set-cookie': sessionCookie(ctx.origin, '', 0) } };
    },
  }),
] as const;
