import { pageOf } from '../../kernel/page';
import { deleteSecret } from '../../core/publishing/secrets/delete-secret';
import { getSecret, getSecretIfAny, listSecrets } from '../../core/publishing/secrets/get-secret';
import { putSecret } from '../../core/publishing/secrets/put-secret';
import { ListSecretsQuery, PutSecretInput, Secret, SecretParams } from '../../core/publishing/secrets/secret.schema';
import { forceQuery } from '../../core/uses/use.schema';
import { route } from '../wire/route';

const tag = 'Secrets';

export const secretRoutes = [
  route({
    id: 'putSecret',
    method: 'put',
    path: '/admin/secrets/:name',
    verb: putSecret,
    tag,
    summary: 'Store a secret, or replace its value',
    params: SecretParams,
    body: PutSecretInput,
    ifMatch: true,
    stored: (ctx, { name }) => getSecretIfAny(ctx, name),
    answers: { 200: Secret },
    args: ({ params, body, ifMatch }) => [params.name, body, ifMatch],
  }),
  route({
    id: 'listSecrets',
    method: 'get',
    path: '/admin/secrets',
    verb: listSecrets,
    tag,
    summary: 'List the names of secrets, newest first',
    query: ListSecretsQuery,
    answers: { 200: pageOf(Secret) },
    args: ({ query }) => [query],
  }),
  route({
    id: 'getSecret',
    method: 'get',
    path: '/admin/secrets/:name',
    verb: getSecret,
    tag,
    summary: 'Read a secret, without its value',
    params: SecretParams,
    answers: { 200: Secret },
    args: ({ params }) => [params.name],
  }),
  route({
    id: 'deleteSecret',
    method: 'delete',
    path: '/admin/secrets/:name',
    verb: deleteSecret,
    tag,
    summary: 'Delete an unused secret',
    params: SecretParams,
    query: forceQuery('calls of endpoints that list it are refused until it exists again'),
    answers: { 204: null },
    args: ({ params, query }) => [params.name, query.force === 'true'],
  }),
] as const;
