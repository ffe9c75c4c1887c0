import { IDS, type References } from './reference';

export const runReferences: References = {
  listRuns: {
    description:
      'All filters apply together. `endpoint` is the id or the path of an endpoint, `caller` the id of a key, token or user. `since` is included, `until` is not. `q` finds text in what was recorded. A run shows up within two seconds of its call.',
    query: { endpoint: IDS.endpoint, outcome: 'success', limit: '1' },
  },
  getRun: {
    description:
      'What came, what was answered, logs, error with stack, steps of a workflow and requests that the handler sent. Keys, tokens, listed secrets and parameters marked `sensitive` are taken out before it is stored. `x-run-id` of an answer names its run.',
    params: { id: IDS.run },
  },
  deleteRun: {
    description:
      'For admins. What was recorded is gone; the audit log keeps who deleted it, of which endpoint it was, when it began and how it ended. A run whose call still goes on is 409 `in_use`.',
    params: { id: IDS.run },
  },
};
