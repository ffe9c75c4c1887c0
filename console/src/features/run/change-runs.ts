import type { Bulk } from '../../bulk/bulk';
import { call, type CallInput } from '../../api/call';
import { runQueries } from './run.queries';

type Body = CallInput<'POST /admin/runs/bulk'>['body'];

/** Changes of many runs at once. */
export const runBulk: Bulk<Body['change'], NonNullable<Body['filter']>> = {
  words: ['run', 'runs'],
  stale: runQueries.all,
  send: (part) => call('POST /admin/runs/bulk', { body: part }),
  plan: (filter, change) => call('POST /admin/runs/bulk', { body: { filter, change, dryRun: true } }),
  verbs: [
    {
      label: 'Delete',
      done: 'Deleted',
      permission: 'run.delete',
      change: { do: 'delete' },
      ask: {
        warning: 'It cannot be undone. The counts of calls stay, and the audit trail keeps who deleted each.',
        isDanger: true,
      },
    },
  ],
};
