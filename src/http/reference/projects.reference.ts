import { VALUES, type References } from './reference';

const SOURCE = 'export default ({ amount }) => ({ total: amount * 1.2 })\n';
const FOLDER = [
  {
    kind: 'handler',
    identity: 'shop/total.js',
    sha256: 'c2ef1af17e5aaf215f35bb8c0aad0d26ebdcdfc56748630183a533f6ec761497',
  },
  {
    kind: 'endpoint',
    identity: 'POST total',
    sha256: 'c0bbe95d6d46a939fcdd081b890ea772a7fedccbfcd701b201c08c6ac62c575c',
    document: { path: 'total', handler: 'shop/total.js' },
  },
];

export const projectReferences: References = {
  listProjects: { description: '`generation` counts the pushes that changed something.' },
  getProject: {
    description:
      '`document` is the object as it is now, in normal form: what differs from the defaults, keys by alias, the executor by name; of a handler, the SHA-256 of its source. `base` is the object as it was last pushed.',
    params: { name: 'shop' },
  },
  planPush: {
    description:
      'Writes nothing. Send everything that the folder has; the answer has what differs, why, and what apply needs. [How a push works](/docs/guides/projects)',
    params: { name: 'shop' },
    body: { objects: FOLDER, commit: '9f2c11e' },
  },
  applyPlan: {
    description:
      'The body is that of the plan, with its `digest`. 409 `plan_changed` when the plan is another by now, `plan_blocked` while it needs an answer. `done` is false when only a part was applied, whole in itself: plan and apply again. [How a push works](/docs/guides/projects)',
    params: { name: 'shop' },
    body: { objects: FOLDER, commit: '9f2c11e', digest: VALUES.digest },
  },
  exportObjects: {
    description:
      'In the order in which each needs only those before it. The items of all pages, with the sources of handlers, are a push that makes them in another service; `byHand` names what it does not make. People, tokens, rows, files, graphs and runs are not in it.',
    query: { limit: '2' },
  },
  putBlobs: {
    description: 'As `PUT /admin/blobs/{hash}` for each of up to 100 texts, in 4 MiB of JSON.',
    body: { texts: [SOURCE] },
  },
  putBlob: {
    description: 'The body is the content itself, at most 4 MiB. Kept for a day. Repeating an upload is harmless.',
    params: { hash: 'c2ef1af17e5aaf215f35bb8c0aad0d26ebdcdfc56748630183a533f6ec761497' },
    text: SOURCE,
  },
};
