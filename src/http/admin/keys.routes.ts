import { changeKeys } from '../../core/identity/keys/change-keys';
import { ChangedKeys, ChangeKeysInput } from '../../core/identity/keys/change-keys.schema';
import * as z from 'zod';
import { createKey } from '../../core/identity/keys/create-key';
import { deleteKey } from '../../core/identity/keys/delete-key';
import { getKey, listKeys } from '../../core/identity/keys/get-key';
import { CreateKeyInput, Key, KeyWithValue, ListKeysQuery, UpdateKeyInput } from '../../core/identity/keys/key.schema';
import { updateKey } from '../../core/identity/keys/update-key';
import { pageOf } from '../../kernel/page';
import { forceQuery } from '../../core/uses/use.schema';
import { IdParams, route } from '../wire/route';

const tag = 'Keys';

export const keyRoutes = [
  route({
    id: 'createKey',
    method: 'post',
    path: '/admin/keys',
    verb: createKey,
    tag,
    summary: 'Create a key; its value is in this response only',
    body: CreateKeyInput,
    answers: { 201: KeyWithValue },
    args: ({ body }) => [body],
  }),
  route({
    id: 'listKeys',
    method: 'get',
    path: '/admin/keys',
    verb: listKeys,
    tag,
    summary: 'List keys, newest first',
    query: ListKeysQuery,
    answers: { 200: pageOf(Key) },
    args: ({ query }) => [query],
  }),
  route({
    id: 'getKey',
    method: 'get',
    path: '/admin/keys/:id',
    verb: getKey,
    tag,
    summary: 'Read a key, without its value',
    params: IdParams,
    answers: { 200: Key },
    args: ({ params }) => [params.id],
  }),
  route({
    id: 'updateKey',
    method: 'patch',
    path: '/admin/keys/:id',
    verb: updateKey,
    tag,
    summary: 'Change a key, or replace its value',
    params: IdParams,
    body: UpdateKeyInput,
    ifMatch: true,
    stored: (ctx, { id }) => getKey(ctx, id),
    answers: { 200: z.union([KeyWithValue, Key]) },
    args: ({ params, body, ifMatch }) => [params.id, body, ifMatch],
  }),
  route({
    id: 'deleteKey',
    method: 'delete',
    path: '/admin/keys/:id',
    verb: deleteKey,
    tag,
    summary: 'Delete an unused key',
    params: IdParams,
    query: forceQuery('endpoints without another key accept no calls by key'),
    ifMatch: true,
    answers: { 204: null },
    args: ({ params, query, ifMatch }) => [params.id, query.force === 'true', ifMatch],
  }),
  route({
    id: 'changeKeys',
    method: 'post',
    path: '/admin/keys/bulk',
    verb: changeKeys,
    tag,
    summary: 'Switch or delete several keys',
    body: ChangeKeysInput,
    answers: { 200: ChangedKeys },
    notReplayable: true,
    args: ({ body }) => [body],
  }),
] as const;
