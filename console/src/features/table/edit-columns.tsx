import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useRights } from '../../api/session';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { Menu } from '../../kit/menu';
import { Empty } from '../../kit/state';
import { Table as KitTable, type Column } from '../../kit/table';
import { useActions } from '../../shell/actions';
import { AddColumn, DropColumn, RenameColumn } from './change-columns';
import type { Table, TableColumn } from './table.queries';

type Asked = { kind: 'add' } | { kind: 'rename' | 'drop'; column: string } | null;

/** The columns of a table. Types stay as they are: rows of another type need another table. */
export default function EditColumns({ table }: { table: Table }) {
  const { may, whyNot } = useRights();
  const [asked, setAsked] = useState<Asked>(null);
  const reason = whyNot('table.write');
  const add = (): void => setAsked({ kind: 'add' });
  const close = (): void => setAsked(null);
  useActions(may('table.write') ? [{ id: 'new', label: 'Add a column', keys: 'n', run: add }] : []);
  const button = (
    <Button tone="primary" icon={<Plus />} reason={reason} onPress={add}>
      Add a column
    </Button>
  );
  const columns: readonly Column<TableColumn>[] = [
    { id: 'name', header: 'Name', cell: ({ name }) => <code>{name}</code> },
    { id: 'type', header: 'Type', cell: ({ type }) => type },
    {
      id: 'rules',
      header: 'Rules',
      shown: 'medium',
      cell: ({ required, unique }) => (
        <>
          {required && <Badge>required</Badge>} {unique && <Badge>unique</Badge>}
        </>
      ),
    },
    {
      id: 'default',
      header: 'Default',
      shown: 'medium',
      cell: ({ default: value }) => (value === null ? 'none' : <code>{JSON.stringify(value)}</code>),
    },
    {
      id: 'acts',
      header: 'Change',
      align: 'end',
      cell: ({ name }) => (
        <Menu
          label={`Change ${name}`}
          actions={[
            { id: 'rename', label: 'Rename…', reason, onAction: () => setAsked({ kind: 'rename', column: name }) },
            {
              id: 'drop',
              label: 'Drop…',
              tone: 'danger',
              reason,
              onAction: () => setAsked({ kind: 'drop', column: name }),
            },
          ]}
        />
      ),
    },
  ];
  return (
    <>
      {table.columns.length === 0 ? (
        <Empty title="No column yet" action={button}>
          Every row has an id and the times of its creation and last change. Columns hold the rest.
        </Empty>
      ) : (
        <>
          <KitTable label="Columns" rows={table.columns} columns={columns} keyOf={({ name }) => name} />
          <p>{button}</p>
        </>
      )}
      {asked?.kind === 'add' && <AddColumn table={table} onClose={close} />}
      {asked?.kind === 'rename' && <RenameColumn table={table} column={asked.column} onClose={close} />}
      {asked?.kind === 'drop' && <DropColumn table={table} column={asked.column} onClose={close} />}
    </>
  );
}
