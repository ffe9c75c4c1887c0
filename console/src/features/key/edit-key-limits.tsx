import { useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';
import { EditSection } from '../../kit/edit-section';
import { KEY_LIMIT_LABELS, KeyLimitFields } from './key-limit-fields';
import { fromKeyLimits, limitsSentence, toKeyLimits } from './key-limits.rules';
import { keyQueries, type Key } from './key.queries';

/** Limits of a key: its endpoints, roles, addresses and quota. */
export function EditKeyLimits({ value: key }: { value: Key }) {
  const client = useQueryClient();
  const { id } = key;
  return (
    <EditSection
      title="What it may call"
      permission="key.write"
      what="what it may call"
      object={key}
      nameOf={({ alias }) => `The key ${alias}`}
      labels={KEY_LIMIT_LABELS}
      toValues={toKeyLimits}
      save={(values, { revision }): Promise<Key> =>
        call('PATCH /admin/keys/:id', { params: { id }, body: fromKeyLimits(values), ifMatch: revision })
      }
      reread={() => client.fetchQuery({ ...keyQueries.one(id), staleTime: 0 })}
      onSaved={() => client.invalidateQueries({ queryKey: keyQueries.all })}
    >
      {(form, reason) => (
        <>
          <p>{limitsSentence(fromKeyLimits(form.values))}</p>
          <KeyLimitFields field={form.field} isReadOnly={reason !== undefined} />
        </>
      )}
    </EditSection>
  );
}
