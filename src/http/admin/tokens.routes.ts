import { pageOf } from '../../kernel/page';
import { createToken } from '../../core/identity/tokens/create-token';
import { revokeToken } from '../../core/identity/tokens/revoke-token';
import { getToken, listTokens } from '../../core/identity/tokens/get-token';
import {
  CreateTokenInput,
  ListTokensQuery,
  Token,
  TokenWithValue,
  UpdateTokenInput,
} from '../../core/identity/tokens/token.schema';
import { updateToken } from '../../core/identity/tokens/update-token';
import { IdParams, route } from '../wire/route';

const tag = 'Tokens';

export const tokenRoutes = [
  route({
    id: 'listTokens',
    method: 'get',
    path: '/admin/tokens',
    verb: listTokens,
    tag,
    summary: 'List active tokens, newest first',
    query: ListTokensQuery,
    answers: { 200: pageOf(Token) },
    args: ({ query }) => [query],
  }),
  route({
    id: 'createToken',
    method: 'post',
    path: '/admin/tokens',
    verb: createToken,
    tag,
    summary: 'Create a token for a caller; its value is in this response only',
    body: CreateTokenInput,
    answers: { 201: TokenWithValue },
    args: ({ body }) => [body],
  }),
  route({
    id: 'getToken',
    method: 'get',
    path: '/admin/tokens/:id',
    verb: getToken,
    tag,
    summary: 'Read a token',
    params: IdParams,
    answers: { 200: Token },
    args: ({ params }) => [params.id],
  }),
  route({
    id: 'updateToken',
    method: 'patch',
    path: '/admin/tokens/:id',
    verb: updateToken,
    tag,
    summary: 'Change a token, except its value',
    params: IdParams,
    body: UpdateTokenInput,
    ifMatch: true,
    stored: (ctx, { id }) => getToken(ctx, id),
    answers: { 200: Token },
    args: ({ params, body, ifMatch }) => [params.id, body, ifMatch],
  }),
  route({
    id: 'revokeToken',
    method: 'delete',
    path: '/admin/tokens/:id',
    verb: revokeToken,
    tag,
    summary: 'Revoke a token',
    params: IdParams,
    ifMatch: true,
    answers: { 204: null },
    args: ({ params, ifMatch }) => [params.id, ifMatch],
  }),
] as const;
