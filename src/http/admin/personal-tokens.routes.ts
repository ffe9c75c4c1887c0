import * as z from 'zod';
import {
  CreatePersonalTokenInput,
  PersonalToken,
  PersonalTokenWithValue,
} from '../../core/identity/personal-tokens/personal-token.schema';
import {
  createPersonalToken,
  listPersonalTokens,
  revokePersonalToken,
} from '../../core/identity/personal-tokens/personal-tokens';
import { IdParams, route } from '../wire/route';

const tag = 'Tokens';

export const personalTokenRoutes = [
  route({
    id: 'createPersonalToken',
    method: 'post',
    path: '/admin/personal-tokens',
    verb: createPersonalToken,
    tag,
    summary: 'Create a token for a program that acts for you; its value is in this response only',
    body: CreatePersonalTokenInput,
    answers: { 201: PersonalTokenWithValue },
    args: ({ body }) => [body],
  }),
  route({
    id: 'listPersonalTokens',
    method: 'get',
    path: '/admin/personal-tokens',
    verb: listPersonalTokens,
    tag,
    summary: 'List your valid tokens, newest first',
    answers: { 200: z.object({ items: z.array(PersonalToken) }) },
    args: () => [],
  }),
  route({
    id: 'revokePersonalToken',
    method: 'delete',
    path: '/admin/personal-tokens/:id',
    verb: revokePersonalToken,
    tag,
    summary: 'Revoke one of your tokens',
    params: IdParams,
    answers: { 204: null },
    args: ({ params }) => [params.id],
  }),
] as const;
