import type { References } from './reference';

const ID = 'my-endpoint-id';
const SCRIPT = '/jaydoe/my_repo/fs/Instabase Drive/handlers/hello.py';

export const instabaseReferences: References = {
  createInstabaseEndpoint: {
    description:
      'The handler must exist: save it with `POST /admin/handlers` under the same path. The endpoint allows every method and admits tokens. [Coverage and differences](/docs/guides/compat/instabase)',
    params: { id: ID },
    body: { path: 'helloworld', handler_script_path: SCRIPT },
  },
  getInstabaseEndpoint: { description: 'An endpoint in the format of Instabase.', params: { id: ID } },
  listInstabaseEndpoints: {
    description:
      'All filters apply together; `handler` and `handler_script_path` are the same, as are `state` and `enabled`.',
    query: { id: ID },
  },
  updateInstabaseEndpoint: {
    description: 'Any subset of path, handler and state. `operator`s may change `enabled` only.',
    params: { id: ID },
    body: { enabled: false },
  },
  deleteInstabaseEndpoint: { description: 'Its URL is 404 from then on.', params: { id: ID } },
};
