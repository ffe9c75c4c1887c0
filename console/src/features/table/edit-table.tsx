import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { call } from '../../api/call';
import { Problem } from '../../api/problem';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { CheckField } from '../../kit/choice-field';
import { Conflict } from '../../kit/conflict';
import { TextField } from '../../kit/field';
import { Notice } from '../../kit/notice';
import { Section } from '../../kit/page';
import { useRevisedForm } from '../../kit/revised-form';
import { toastDone } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { ChooseRoles } from '../role/choose-roles';
import styles from './table.module.css';
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
  const { whyNot } = useRights();
  const client = useQueryClient();
  const [isForced, setForced] = useState(false);
  const { id } = table;
  const edited = useRevisedForm({
    object: table,
    toValues,
    save: (body, revision): Promise<Table> =>
      call('PATCH /admin/tables/:id', {
        params: { id },
        query: isForced ? { force: 'true' } : {},
        body,
        ifMatch: revision,
      }),
    reread: () => client.fetchQuery({ ...tableQueries.one(id), staleTime: 0 }),
  });
  const { form, base, theirs } = edited;
  const { values, set, errorAt, problem } = form;
  const save = async (): Promise<void> => {
    if (!(await edited.save())) return;
    setForced(false);
    toastDone(`Saved ${form.values.name}.`);
    await client.invalidateQueries({ queryKey: tableQueries.all });
  };
  const reason = whyNot('table.write');
  useActions(reason ? [] : [{ id: 'save', label: 'Save the table', keys: 'Mod+S', run: () => void save() }]);
  const isUsed = problem instanceof Problem && problem.code === 'in_use';
  const field = (name: 'schema' | 'name' | 'description') => (
    <TextField
      label={LABELS[name]}
      isCode={name !== 'description'}
      isReadOnly={reason !== undefined}
      value={values[name]}
      onChange={(value) => set(name, value)}
      error={errorAt(`/${name}`)}
    />
  );
  const roles = (name: 'read' | 'write') => (
    <ChooseRoles
      label={LABELS[name]}
      hint="A handler has the roles of its executor"
      placeholder="developers"
      isDisabled={reason !== undefined}
      value={values[name]}
      onChange={(value) => set(name, value)}
      error={errorAt(`/${name}`)}
    />
  );
  return (
    <Section title="Name and access">
      <Form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {field('schema')}
        {field('name')}
        {field('description')}
        {roles('read')}
        {roles('write')}
        {problem && theirs === null && errorAt('') === undefined && <Notice tone="bad">{problem.message}</Notice>}
        {(isUsed || isForced) && (
          <CheckField isSelected={isForced} onChange={setForced}>
            Rename it all the same. Code that uses the old name fails.
          </CheckField>
        )}
        <p className={styles.bar}>
          <Button type="submit" tone="primary" reason={reason} isPending={form.isPending}>
            Save
          </Button>
          <span role="status">{form.isChanged ? 'Not saved' : ''}</span>
        </p>
      </Form>
      {theirs && (
        <Conflict
          what={`${base.schema}.${base.name}`}
          labels={LABELS}
          base={toValues(base)}
          mine={values}
          theirs={toValues(theirs)}
          onCancel={edited.cancel}
          onResolve={edited.resolve}
        />
      )}
    </Section>
  );
}
