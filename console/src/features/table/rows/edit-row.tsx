import { useQueryClient } from '@tanstack/react-query';
import { call } from '../../../api/call';
import { TextField } from '../../../kit/field';
import { useForm } from '../../../kit/form';
import { FormDialog } from '../../../kit/form-dialog';
import { toastDone } from '../../../kit/toast';
import { replaceRow, tableQueries, type Row, type Table } from '../table.queries';
import { cellText, isLong, readCell } from './cell.rules';

interface EditRowProps {
  table: Table;
  /** The row to change; a new one without it. */
  row: Row | null;
  /** The column that gets the focus. */
  column: string;
  onClose: () => void;
}

/** All values of a row, or of a new one. Only those that were changed are sent. */
export default function EditRow({ table, row, column, onClose }: EditRowProps) {
  const client = useQueryClient();
  const before = Object.fromEntries(table.columns.map(({ name }) => [name, cellText(row?.[name])]));
  const form = useForm<Record<string, string>>(before);
  const issues = new Map<string, string>();
  const changes: Record<string, unknown> = {};
  for (const { name, type } of table.columns) {
    const text = form.values[name] ?? '';
    if (text === before[name]) continue;
    const read = readCell(type, text);
    if ('issue' in read) issues.set(name, read.issue);
    else changes[name] = read.value;
  }
  const send = async (): Promise<void> => {
    const isDone = await form.send(async () => {
      if (row === null) {
        await call('POST /admin/tables/:id/rows', { params: { id: table.id }, body: { rows: [changes] } });
        await client.invalidateQueries({ queryKey: tableQueries.rowsOf(table.id) });
      } else {
        const params = { id: table.id, row: String(row.id) };
        replaceRow(client, table.id, {
          ...row,
          ...(await call('PATCH /admin/tables/:id/rows/:row', { params, body: changes })),
        });
      }
    });
    if (!isDone) return;
    toastDone(row === null ? 'Added the row.' : 'Saved the row.');
    onClose();
  };
  const focused = table.columns.some(({ name }) => name === column) ? column : table.columns[0]?.name;
  return (
    <FormDialog
      title={row === null ? `New row of ${table.name}` : `Row ${String(row.id)}`}
      verb={row === null ? 'Add' : 'Save'}
      form={form}
      isReady={issues.size === 0 && (row === null || Object.keys(changes).length > 0)}
      onSend={() => void send()}
      onClose={onClose}
      width="wide"
    >
      {table.columns.length === 0 && <p>The table has no columns yet: the row has an id and its times.</p>}
      {table.columns.map(({ name, type, required, default: value }) => (
        <TextField
          key={name}
          label={name}
          hint={hintOf(type, required, row === null ? value : null)}
          autoFocus={name === focused}
          isCode={type === 'json'}
          {...(isLong(type) ? { rows: 4 } : {})}
          value={form.values[name] ?? ''}
          onChange={(text) => form.set(name, text)}
          error={issues.get(name) ?? form.errorAt(row === null ? `/rows/0/${name}` : `/${name}`)}
        />
      ))}
    </FormDialog>
  );
}

const hintOf = (type: string, isRequired: boolean, value: unknown): string => {
  const empty = value === null ? (isRequired ? 'required' : 'empty: none') : `empty: ${JSON.stringify(value)}`;
  return `${type}, ${empty}`;
};
