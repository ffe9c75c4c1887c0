import * as z from 'zod';
import { pageOf } from '../../kernel/page';
import { createRole } from '../../core/identity/roles/create-role';
import { deleteRole } from '../../core/identity/roles/delete-role';
import { getRole, listRoles } from '../../core/identity/roles/get-role';
import { CreateRoleInput, ListRolesQuery, Role, UpdateRoleInput } from '../../core/identity/roles/role.schema';
import { updateRole } from '../../core/identity/roles/update-role';
import { route } from '../wire/route';

const tag = 'Roles';
/** Taken from the URL as is: an invalid name is a role that does not exist. */
const NameParams = z.strictObject({ name: z.string().min(1).max(64) });

export const roleRoutes = [
  route({
    id: 'listRoles',
    method: 'get',
    path: '/admin/roles',
    verb: listRoles,
    tag,
    summary: 'List roles: the built-in ones, then the others by name',
    query: ListRolesQuery,
    answers: { 200: pageOf(Role) },
    args: ({ query }) => [query],
  }),
  route({
    id: 'createRole',
    method: 'post',
    path: '/admin/roles',
    verb: createRole,
    tag,
    summary: 'Create an application role',
    body: CreateRoleInput,
    answers: { 201: Role },
    args: ({ body }) => [body],
  }),
  route({
    id: 'getRole',
    method: 'get',
    path: '/admin/roles/:name',
    verb: getRole,
    tag,
    summary: 'Read a role',
    params: NameParams,
    answers: { 200: Role },
    args: ({ params }) => [params.name],
  }),
  route({
    id: 'updateRole',
    method: 'patch',
    path: '/admin/roles/:name',
    verb: updateRole,
    tag,
    summary: 'Update the description of an application role',
    params: NameParams,
    body: UpdateRoleInput,
    ifMatch: true,
    stored: (ctx, { name }) => getRole(ctx, name),
    answers: { 200: Role },
    args: ({ params, body, ifMatch }) => [params.name, body, ifMatch],
  }),
  route({
    id: 'deleteRole',
    method: 'delete',
    path: '/admin/roles/:name',
    verb: deleteRole,
    tag,
    summary: 'Delete an unused application role',
    params: NameParams,
    ifMatch: true,
    answers: { 204: null },
    args: ({ params, ifMatch }) => [params.name, ifMatch],
  }),
] as const;
