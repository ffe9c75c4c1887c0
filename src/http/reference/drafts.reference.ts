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
  getRunViews: {
    description: 'Only you see them. `query` has the filters of a view as in the address of the console.',
  },
  putRunViews: {
    description:
      'Replaces all of your views. `follows` is the revision that the last response had, or 0: when another device has written since, the answer is 412. At most 20 views, each with a name of its own.',
    body: { items: [{ name: 'Failed today', query: 'outcome=failed,timeout&since=-24h' }], follows: 0 },
  },
  deleteDraft: { description: 'A draft that does not exist is no error.', params },
};
