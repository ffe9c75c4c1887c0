import * as z from 'zod';
import { pageOf } from '../../kernel/page';
import { createRole } from '../../core/identity/roles/create-role';
import { deleteRole } from '../../core/identity/roles/delete-role';
import { getRole, listRoles } from '../../core/identity/roles/get-role';
import { CreateRoleInput, ListRolesQuery, Role, UpdateRoleInput } from '../../core/identity/roles/role.schema';
import { updateRole } from '../../core/identity/roles/update-role';
import { route, type Route } from '../wire/route';

const tag = 'Roles';
/** As it stands in the URL: a name that cannot be is a role that does not exist. */
const NameParams = z.strictObject({ name: z.string().min(1).max(64) });

export const roleRoutes: Route[] = [
  route({
    id: 'listRoles',
    method: 'get',
    path: '/admin/roles',
    policy: 'role.read',
    tag,
    summary: 'List roles: the built-in ones, then the others by name',
    query: ListRolesQuery,
    answers: { 200: pageOf(Role) },
    run: async (ctx, { query }) => ({ body: await listRoles(ctx, query) }),
  }),
  route({
    id: 'createRole',
    method: 'post',
    path: '/admin/roles',
    policy: 'role.write',
    tag,
    summary: 'Create an application role',
    body: CreateRoleInput,
    answers: { 201: Role },
    run: async (ctx, { body }) => ({ status: 201, body: await createRole(ctx, body) }),
  }),
  route({
    id: 'getRole',
    method: 'get',
    path: '/admin/roles/:name',
    policy: 'role.read',
    tag,
    summary: 'Read a role',
    params: NameParams,
    answers: { 200: Role },
    run: async (ctx, { params }) => ({ body: await getRole(ctx, params.name) }),
  }),
  route({
    id: 'updateRole',
    method: 'patch',
    path: '/admin/roles/:name',
    policy: 'role.write',
    tag,
    summary: 'Describe an application role anew',
    params: NameParams,
    body: UpdateRoleInput,
    ifMatch: true,
    stored: (ctx, { name }) => getRole(ctx, name),
    answers: { 200: Role },
    run: async (ctx, { params, body, ifMatch }) => ({ body: await updateRole(ctx, params.name, body, ifMatch) }),
  }),
  route({
    id: 'deleteRole',
    method: 'delete',
    path: '/admin/roles/:name',
    policy: 'role.write',
    tag,
    summary: 'Delete an application role that nothing names',
    params: NameParams,
    ifMatch: true,
    answers: { 204: null },
    run: async (ctx, { params, ifMatch }) => {
      await deleteRole(ctx, params.name, ifMatch);
      return { status: 204 };
    },
  }),
];
