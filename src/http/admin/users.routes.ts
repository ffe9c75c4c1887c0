import { pageOf } from '../../kernel/page';
import { createUser } from '../../core/identity/users/create-user';
import { deleteUser } from '../../core/identity/users/delete-user';
import { getUser, listUsers } from '../../core/identity/users/get-user';
import { CreateUserInput, ListUsersQuery, UpdateUserInput, User } from '../../core/identity/users/user.schema';
import { updateUser } from '../../core/identity/users/update-user';
import { forceQuery } from '../../core/uses/use.schema';
import { IdParams, route } from '../wire/route';

const tag = 'Users';

export const userRoutes = [
  route({
    id: 'listUsers',
    method: 'get',
    path: '/admin/users',
    verb: listUsers,
    tag,
    summary: 'List users, newest first',
    query: ListUsersQuery,
    answers: { 200: pageOf(User) },
    args: ({ query }) => [query],
  }),
  route({
    id: 'createUser',
    method: 'post',
    path: '/admin/users',
    verb: createUser,
    tag,
    summary: 'Create a user',
    body: CreateUserInput,
    answers: { 201: User },
    args: ({ body }) => [body],
  }),
  route({
    id: 'getUser',
    method: 'get',
    path: '/admin/users/:id',
    verb: getUser,
    tag,
    summary: 'Read a user',
    params: IdParams,
    answers: { 200: User },
    args: ({ params }) => [params.id],
  }),
  route({
    id: 'updateUser',
    method: 'patch',
    path: '/admin/users/:id',
    verb: updateUser,
    tag,
    summary: 'Change a user',
    params: IdParams,
    body: UpdateUserInput,
    ifMatch: true,
    stored: (ctx, { id }) => getUser(ctx, id),
    answers: { 200: User },
    args: ({ params, body, ifMatch }) => [params.id, body, ifMatch],
  }),
  route({
    id: 'deleteUser',
    method: 'delete',
    path: '/admin/users/:id',
    verb: deleteUser,
    tag,
    summary: 'Delete a user who is not an executor and owns nothing',
    params: IdParams,
    query: forceQuery(
      'their tokens still call endpoints, and their graphs and nodes stay; an endpoint that runs as the user still prevents the deletion',
    ),
    ifMatch: true,
    answers: { 204: null },
    args: ({ params, query, ifMatch }) => [params.id, query.force === 'true', ifMatch],
  }),
] as const;
