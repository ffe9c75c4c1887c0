import type { Bulk, FieldsProps } from '../../bulk/bulk';
import { call, type CallInput } from '../../api/call';
import { CheckField } from '../../kit/choice-field';
import { forgetForms } from '../../kit/kept-forms';
import { keyQueries, type KeyFilter } from './key.queries';

type Change = CallInput<'POST /admin/keys/bulk'>['body']['change'];

const Force = ({ change, onChange }: FieldsProps<Change>) =>
  change.do === 'delete' && (
    <CheckField isSelected={change.force ?? false} onChange={(force) => onChange({ do: 'delete', force })}>
      Also those that an endpoint accepts. Endpoints without another key then accept no calls by key.
    </CheckField>
  );

/** Changes of many keys at once. */
export const keyBulk: Bulk<Change, KeyFilter> = {
  words: ['key', 'keys'],
  stale: keyQueries.all,
  send: async (part) => {
    const result = await call('POST /admin/keys/bulk', { body: part });
    if (part.change.do === 'delete')
      for (const { id, done } of result.items) if (done) forgetForms(`/keys/${encodeURIComponent(id)}`);
    return result;
  },
  plan: (filter, change) => call('POST /admin/keys/bulk', { body: { filter, change, dryRun: true } }),
  verbs: [
    { label: 'Switch off', done: 'Switched off', permission: 'key.write', change: { do: 'switch', active: false } },
    { label: 'Switch on', done: 'Switched on', permission: 'key.write', change: { do: 'switch', active: true } },
    {
      label: 'Delete',
      done: 'Deleted',
      permission: 'key.write',
      change: { do: 'delete' },
      ask: {
        warning: 'It cannot be undone. Those that an endpoint accepts stay, unless you choose otherwise.',
        Fields: Force,
        isDanger: true,
      },
    },
  ],
};
