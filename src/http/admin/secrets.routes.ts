import { pageOf } from '../../kernel/page';
import { deleteSecret } from '../../core/publishing/secrets/delete-secret';
import { getSecret, getSecretIfAny, listSecrets } from '../../core/publishing/secrets/get-secret';
import { putSecret } from '../../core/publishing/secrets/put-secret';
import { ListSecretsQuery, PutSecretInput, Secret, SecretParams } from '../../core/publishing/secrets/secret.schema';
import { forceQuery } from '../../core/uses/use.schema';
import { route, type Route } from '../wire/route';

const tag = 'Secrets';

export const secretRoutes: Route[] = [
  route({
    id: 'putSecret',
    method: 'put',
    path: '/admin/secrets/:name',
    policy: 'secret.write',
    tag,
    summary: 'Keep a secret, or replace its value',
    params: SecretParams,
    body: PutSecretInput,
    stored: (ctx, { name }) => getSecretIfAny(ctx, name),
    answers: { 200: Secret },
    run: async (ctx, { params, body }) => ({ body: await putSecret(ctx, params.name, body) }),
  }),
  route({
    id: 'listSecrets',
    method: 'get',
    path: '/admin/secrets',
    policy: 'secret.read',
    tag,
    summary: 'List the names of secrets, newest first',
    query: ListSecretsQuery,
    answers: { 200: pageOf(Secret) },
    run: async (ctx, { query }) => ({ body: await listSecrets(ctx, query) }),
  }),
  route({
    id: 'getSecret',
    method: 'get',
    path: '/admin/secrets/:name',
    policy: 'secret.read',
    tag,
    summary: 'Read a secret, without its value',
    params: SecretParams,
    answers: { 200: Secret },
    run: async (ctx, { params }) => ({ body: await getSecret(ctx, params.name) }),
  }),
  route({
    id: 'deleteSecret',
    method: 'delete',
    path: '/admin/secrets/:name',
    policy: 'secret.write',
    tag,
    summary: 'Delete a secret that no endpoint lists',
    params: SecretParams,
    query: forceQuery('calls of endpoints that list it are refused until it is back'),
    answers: { 204: null },
    run: async (ctx, { params, query }) => {
      await deleteSecret(ctx, params.name, query.force === 'true');
      return { status: 204 };
    },
  }),
];
