import type { Bulk, FieldsProps } from '../../bulk/bulk';
import { call, type CallInput } from '../../api/call';
import { TextField } from '../../kit/field';
import { forgetForms } from '../../kit/kept-forms';
import { endpointQueries, type EndpointFilter } from './endpoint.queries';

type Change = CallInput<'POST /admin/endpoints/bulk'>['body']['change'];

const Folder = ({ change, onChange }: FieldsProps<Change>) =>
  change.do === 'move' && (
    <TextField
      label="Folder"
      hint="Empty: no folder"
      value={change.folder}
      onChange={(folder) => onChange({ do: 'move', folder })}
      autoFocus
    />
  );

/** Changes of many endpoints at once. */
export const endpointBulk: Bulk<Change, EndpointFilter> = {
  words: ['endpoint', 'endpoints'],
  stale: endpointQueries.all,
  send: async (part) => {
    const result = await call('POST /admin/endpoints/bulk', { body: part });
    if (part.change.do === 'delete')
      for (const { id, done } of result.items) if (done) forgetForms(`/endpoints/${encodeURIComponent(id)}`);
    return result;
  },
  plan: (filter, change) => call('POST /admin/endpoints/bulk', { body: { filter, change, dryRun: true } }),
  verbs: [
    {
      label: 'Switch off',
      done: 'Switched off',
      permission: 'endpoint.operate',
      change: { do: 'switch', active: false },
    },
    { label: 'Switch on', done: 'Switched on', permission: 'endpoint.operate', change: { do: 'switch', active: true } },
    {
      label: 'Move to folder',
      done: 'Moved',
      permission: 'endpoint.write',
      change: { do: 'move', folder: '' },
      ask: { Fields: Folder },
    },
    {
      label: 'Delete',
      done: 'Deleted',
      permission: 'endpoint.write',
      change: { do: 'delete' },
      ask: { warning: 'Their URLs answer 404 from then on. Their handlers and runs stay.', isDanger: true },
    },
  ],
};
