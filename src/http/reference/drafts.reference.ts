import { IDS, type References } from './reference';

const params = { kind: 'handler', id: IDS.handler };

export const draftReferences: References = {
  listDrafts: { description: 'What you have not saved yet, of all your devices, without the texts.' },
  putDraft: {
    description:
      'Only you see it, and nothing runs it. `follows` is the revision that the last response had, or 0: when another device has written since, the answer is 412, and nothing is overwritten. At most 200 drafts.',
    params,
    body: { text: 'export default ({ amount }) => ({ total: amount * 1.3 })', baseVersion: 1, follows: 0 },
  },
  getDraft: { description: 'The text as it was last kept.', params },
  deleteDraft: { description: 'A draft that does not exist is no error.', params },
};
