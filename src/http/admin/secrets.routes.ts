import { pageOf } from '../../core/page';
import { deleteSecret, listSecrets, putSecret } from '../../core/secret/put-secret';
import { ListSecretsQuery, PutSecretInput, Secret, SecretParams } from '../../core/secret/secret.schema';
import { route, type Route } from '../route';

const tag = 'Secrets';

export const secretRoutes: Route[] = [
  route({
    method: 'put',
    path: '/admin/secrets/:name',
    policy: 'secret.write',
    tag,
    summary: 'Keep a secret, or replace its value',
    params: SecretParams,
    body: PutSecretInput,
    answers: { 200: Secret },
    run: async (ctx, { params, body }) => ({ body: await putSecret(ctx, params.name, body) }),
  }),
  route({
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
    method: 'delete',
    path: '/admin/secrets/:name',
    policy: 'secret.write',
    tag,
    summary: 'Forget a secret',
    params: SecretParams,
    answers: { 204: null },
    run: async (ctx, { params }) => {
      await deleteSecret(ctx, params.name);
      return { status: 204 };
    },
  }),
];
