import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/call';
import { Problem } from '../../api/problem';
import { CheckField } from '../../kit/choice-field';
import { EditSection } from '../../kit/edit-section';
import { TextField } from '../../kit/field';
import { ChooseRoles } from '../role/choose-roles';
import { tableQueries, type Table } from './table.queries';

const toValues = ({ schema, name, description, read, write }: Table) => ({ schema, name, description, read, write });
const LABELS = {
  schema: 'Schema',
  name: 'Name',
  description: 'Description',
  read: 'Who may read rows',
  write: 'Who may write rows',
};

/** Name, description and rights of a table. */
export default function EditTable({ table }: { table: Table }) {
  const client = useQueryClient();
  const [isForced, setForced] = useState(false);
  const { id } = table;
  return (
    <EditSection
      title="Name and access"
      permission="table.write"
      what="the table"
      object={table}
      nameOf={({ schema, name }) => `${schema}.${name}`}
      labels={LABELS}
      toValues={toValues}
      save={(body, { revision }): Promise<Table> =>
        call('PATCH /admin/tables/:id', {
          params: { id },
          query: isForced ? { force: 'true' } : {},
          body,
          ifMatch: revision,
        })
      }
      reread={() => client.fetchQuery({ ...tableQueries.one(id), staleTime: 0 })}
      saved={({ name }) => `Saved ${name}.`}
      onSaved={() => {
        setForced(false);
        return client.invalidateQueries({ queryKey: tableQueries.all });
      }}
    >
      {(form, reason) => {
        const isUsed = form.problem instanceof Problem && form.problem.code === 'in_use';
        const text = (name: 'schema' | 'name' | 'description') => (
          <TextField
            label={LABELS[name]}
            isCode={name !== 'description'}
            isReadOnly={reason !== undefined}
            {...form.field(name)}
          />
        );
        const roles = (name: 'read' | 'write') => (
          <ChooseRoles
            label={LABELS[name]}
            hint="A handler has the roles of its executor"
            placeholder="developers"
            isDisabled={reason !== undefined}
            {...form.field(name)}
          />
        );
        return (
          <>
            {text('schema')}
            {text('name')}
            {text('description')}
            {roles('read')}
            {roles('write')}
            {(isUsed || isForced) && (
              <CheckField isSelected={isForced} onChange={setForced}>
                Rename it all the same. Code that uses the old name fails.
              </CheckField>
            )}
          </>
        );
      }}
    </EditSection>
  );
}
