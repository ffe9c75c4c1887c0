import { useMutation, useQueryClient } from '@tanstack/react-query';
import { COLUMN_TYPES, type ColumnType } from '../../../../src/core/tables/catalogue/column-type.rules';
import { call, type CallInput } from '../../api/call';
import { ChecksField } from '../../kit/choice-field';
import { Question } from '../../kit/dialog';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { FormDialog } from '../../kit/form-dialog';
import { SelectField } from '../../kit/select-field';
import { toastDone, toastFailed } from '../../kit/toast';
import { readCell } from './rows/cell.rules';
import { tableQueries, type Table } from './table.queries';

type Changes = CallInput<'PATCH /admin/tables/:id'>['body'];
interface ColumnProps {
  table: Table;
  column: string;
  onClose: () => void;
}

/** Returns the call that changes the columns of a table, and reads the table and its rows again. */
function useChange({ id, revision }: Table): (body: Changes) => Promise<void> {
  const client = useQueryClient();
  return async (body) => {
    await call('PATCH /admin/tables/:id', { params: { id }, body, ifMatch: revision });
    await client.invalidateQueries({ queryKey: tableQueries.all });
  };
}

const TYPES = COLUMN_TYPES.map((value) => ({ value, label: value }));
const RULES = [
  { value: 'required', label: 'Required', hint: 'Rows that are there need a default for it' },
  { value: 'unique', label: 'Unique', hint: 'No two rows have the same value' },
] as const;

/** Adds a column. */
export function AddColumn({ table, onClose }: Omit<ColumnProps, 'column'>) {
  const change = useChange(table);
  const form = useForm({
    name: '',
    type: 'text' as ColumnType,
    rules: [] as (typeof RULES)[number]['value'][],
    default: '',
  });
  const { values, set, errorAt } = form;
  const at = (field: string): string | undefined => errorAt(`/addColumns/0/${field}`);
  const add = async (): Promise<void> => {
    const isDone = await form.send(({ name, type, rules, default: text }) => {
      const value = readCell(type, text);
      return change({
        addColumns: [
          {
            name,
            type,
            required: rules.includes('required'),
            unique: rules.includes('unique'),
            // A value that does not fit the type is sent as text: the service reports the issue.
            default: 'value' in value ? value.value : text,
          },
        ],
      } as Changes);
    });
    if (!isDone) return;
    toastDone(`Added ${values.name}.`);
    onClose();
  };
  return (
    <FormDialog
      title="Add a column"
      verb="Add"
      form={form}
      isReady={values.name !== ''}
      onSend={() => void add()}
      onClose={onClose}
    >
      <TextField
        label="Name"
        isCode
        autoFocus
        value={values.name}
        onChange={(name) => set('name', name)}
        error={at('name')}
      />
      <SelectField
        label="Type"
        hint="It cannot be changed later"
        options={TYPES}
        value={values.type}
        onChange={(type) => set('type', type)}
        error={at('type')}
      />
      <ChecksField
        label="Rules"
        options={RULES}
        value={values.rules}
        onChange={(rules) => set('rules', rules)}
        error={at('unique') ?? at('required')}
      />
      <TextField
        label="Default"
        hint="Of new rows without a value. Empty: none"
        value={values.default}
        onChange={(value) => set('default', value)}
        error={at('default')}
      />
    </FormDialog>
  );
}

/** Renames a column, which keeps its values. */
export function RenameColumn({ table, column, onClose }: ColumnProps) {
  const change = useChange(table);
  const form = useForm({ name: column });
  const rename = async (): Promise<void> => {
    if (!(await form.send(({ name }) => change({ renameColumns: { [column]: name } })))) return;
    toastDone(`Renamed ${column} to ${form.values.name}.`);
    onClose();
  };
  return (
    <FormDialog
      title={`Rename ${column}`}
      verb="Rename"
      form={form}
      isReady={form.values.name !== '' && form.values.name !== column}
      onSend={() => void rename()}
      onClose={onClose}
    >
      <p>Values stay. Code that uses the old name fails: deploy it with the new one right after.</p>
      <TextField
        label="New name"
        isCode
        autoFocus
        value={form.values.name}
        onChange={(name) => form.set('name', name)}
        error={form.errorAt('/renameColumns')}
      />
    </FormDialog>
  );
}

/** Drops a column with its values. */
export function DropColumn({ table, column, onClose }: ColumnProps) {
  const change = useChange(table);
  const { mutate, isPending } = useMutation({
    mutationFn: () => change({ dropColumns: [column] }),
    onError: toastFailed,
    onSuccess: () => {
      toastDone(`Dropped ${column}.`);
      onClose();
    },
  });
  return (
    <Question
      title={`Drop the column ${column}?`}
      verb="Drop column"
      isOpen
      isPending={isPending}
      typed={column}
      onClose={onClose}
      onConfirm={() => mutate()}
    >
      <p>It cannot be undone. Its values are deleted in all rows. Export the rows before, if they may be needed.</p>
    </Question>
  );
}
