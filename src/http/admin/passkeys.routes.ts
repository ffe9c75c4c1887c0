import * as z from 'zod';
import { addPasskey, listPasskeys, preparePasskey, removePasskey } from '../../core/identity/passkeys/own-passkeys';
import {
  AddPasskeyInput,
  PreparePasskeyInput,
  Passkey,
  PasskeyChallenge,
  PasskeyOptions,
  PasskeySignInInput,
} from '../../core/identity/passkeys/passkey.schema';
import { challengePasskey, signInWithPasskey } from '../../core/identity/passkeys/sign-in-with-passkey';
import { OwnSession } from '../../core/identity/sessions/session.schema';
import { IdParams, route } from '../wire/route';
import { sessionCookie } from './session-cookie';

const tag = 'Session';

export const passkeyRoutes = [
  route({
    id: 'challengePasskey',
    method: 'post',
    path: '/admin/session/passkey/challenge',
    verb: challengePasskey,
    tag,
    summary: 'Get a challenge to sign in with a passkey',
    answers: { 200: PasskeyChallenge },
    notReplayable: true,
    args: () => [],
  }),
  route({
    id: 'signInWithPasskey',
    method: 'post',
    path: '/admin/session/passkey',
    verb: signInWithPasskey,
    tag,
    summary: 'Sign a browser in with a passkey',
    body: PasskeySignInInput,
    answers: { 200: OwnSession },
    notReplayable: true,
    run: async (ctx, { body }) => {
      const { session, secret, maxAgeSeconds } = await signInWithPasskey(ctx, body);
      return { body: session, headers: { 'set-cookie': sessionCookie(ctx.origin, secret, maxAgeSeconds) } };
    },
  }),
  route({
    id: 'listPasskeys',
    method: 'get',
    path: '/admin/passkeys',
    verb: listPasskeys,
    tag,
    summary: 'List my passkeys',
    answers: { 200: z.object({ items: z.array(Passkey) }) },
    args: () => [],
  }),
  route({
    id: 'preparePasskey',
    method: 'post',
    path: '/admin/passkeys/challenge',
    verb: preparePasskey,
    tag,
    summary: 'Get a challenge to add a passkey',
    body: PreparePasskeyInput,
    answers: { 200: PasskeyOptions },
    notReplayable: true,
    args: ({ body }) => [body],
  }),
  route({
    id: 'addPasskey',
    method: 'post',
    path: '/admin/passkeys',
    verb: addPasskey,
    tag,
    summary: 'Add a passkey of mine',
    body: AddPasskeyInput,
    answers: { 201: Passkey },
    args: ({ body }) => [body],
  }),
  route({
    id: 'removePasskey',
    method: 'delete',
    path: '/admin/passkeys/:id',
    verb: removePasskey,
    tag,
    summary: 'Remove a passkey of mine',
    params: IdParams,
    answers: { 204: null },
    args: ({ params }) => [params.id],
  }),
] as const;
