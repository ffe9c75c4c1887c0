import { beforeAll, describe, expect, test } from 'vitest';
import type { Context } from '../../../../src/core/access/context';
import { createEndpoint } from '../../../../src/core/publishing/endpoints/create-endpoint';
import { CreateEndpointInput, UpdateEndpointInput } from '../../../../src/core/publishing/endpoints/endpoint.schema';
import { listEndpoints } from '../../../../src/core/publishing/endpoints/get-endpoint';
import { updateEndpoint } from '../../../../src/core/publishing/endpoints/update-endpoint';
import { deleteHandler } from '../../../../src/core/publishing/handlers/delete-handler';
import { deleteKey } from '../../../../src/core/identity/keys/delete-key';
import { deleteSecret } from '../../../../src/core/publishing/secrets/delete-secret';
import { putSecret } from '../../../../src/core/publishing/secrets/put-secret';
import { deleteUser } from '../../../../src/core/identity/users/delete-user';
import { codeOf } from '../../../support/code-of';
import { testContext } from '../../../support/context';
import { delayedBy } from '../../../support/delayed';
import { insertUser } from '../../../support/people';
import { ensureAdmin, makeKey, saveHandler, unique } from '../../../support/publish';
import { saveMiddleware } from '../../../support/workflow';

const ctx = testContext();
let other = '';
/** Something that an endpoint names, and how to delete it. */
interface Linked {
  input: object;
  remove: () => Promise<void>;
}

const LINKS: [string, () => Promise<Linked>][] = [
  [
    'its handler',
    async () => {
      const { id, path } = await saveHandler('export default () => 1');
      return { input: { handler: { path } }, remove: () => deleteHandler(ctx, id, false, null) };
    },
  ],
  [
    'its middleware',
    async () => {
      const { id, path } = await saveMiddleware([{ id: 'a', do: 'set', name: 'a', value: 1 }]);
      return {
        input: { access: { middleware: [{ handler: path }] } },
        remove: () => deleteHandler(ctx, id, false, null),
      };
    },
  ],
  [
    'its key',
    async () => {
      const { id } = await makeKey();
      return { input: { access: { keys: [id] } }, remove: () => deleteKey(ctx, id, false, null) };
    },
  ],
  [
    'its secret',
    async () => {
      const name = unique('SECRET').replaceAll('-', '_').toUpperCase();
      await putSecret(ctx, name, { value: 'x', description: '', roles: [] });
      return { input: { secrets: [name] }, remove: () => deleteSecret(ctx, name, false) };
    },
  ],
  [
    'its executor',
    async () => {
      const { id } = await insertUser(unique('executor'), ['developer']);
      return { input: { executor: id }, remove: () => deleteUser(ctx, id, false, null) };
    },
  ],
];

beforeAll(async () => {
  await ensureAdmin();
  other = (await saveHandler('export default () => 1')).path;
});

const create = (as: Context, input: object) =>
  createEndpoint(as, CreateEndpointInput.parse({ handler: { path: other }, ...input }));
const SAVES: [string, () => Promise<(as: Context, input: object) => Promise<unknown>>][] = [
  ['created', async () => create],
  [
    'changed',
    async () => {
      const { id } = await create(ctx, {});
      return (as, input) => updateEndpoint(as, id, UpdateEndpointInput.parse(input), null);
    },
  ],
];

describe.each(LINKS)('%s', (_, link) => {
  describe.each(SAVES)('for an endpoint that is %s', (_verb, make) => {
    test('is not written when it is deleted after the check', async () => {
      const [save, { input, remove }] = [await make(), await link()];
      expect(await codeOf(save(delayedBy(ctx, remove), input))).toBe('stale_revision');
      expect(await codeOf(save(ctx, input))).toBe('invalid_input');
    });

    test('cannot be deleted once it is written', async () => {
      const [save, { input, remove }] = [await make(), await link()];
      await save(ctx, input);
      expect(await codeOf(remove())).toBe('in_use');
    });

    test('excludes a concurrent deletion', async () => {
      for (let i = 0; i < 5; i++) {
        const [save, { input, remove }] = [await make(), await link()];
        const codes = await Promise.all([codeOf(save(ctx, input)), codeOf(remove())]);
        expect(codes.filter((code) => code === 'done')).toHaveLength(1);
      }
    });
  });
});

test('every endpoint that was made is seen', async () => {
  const { id, path } = await saveHandler('export default () => 1');
  const made = create(ctx, { handler: { path } });
  const codes = await Promise.all([codeOf(made), codeOf(deleteHandler(ctx, id, false, null))]);
  const seen = (await listEndpoints(ctx, { limit: 10, handler: path })).items;
  expect(seen).toHaveLength(codes[0] === 'done' ? 1 : 0);
});
