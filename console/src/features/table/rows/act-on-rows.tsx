import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../../api/call';
import { Button } from '../../../kit/button';
import { Question } from '../../../kit/dialog';
import { SelectionBar } from '../../../kit/selection-bar';
import { toastDone, toastFailed } from '../../../kit/toast';
import { tableQueries, type Row, type Table } from '../table.queries';
import { parseWhere } from './row-filter.rules';

/** Rows of one call of the API. */
const MANY = 1000;

/** Returns what deletes rows that are in sight. For ten seconds they can be put back, with their ids. */
export function useDeleteRows(table: Table, onDone: () => void): (rows: readonly Row[]) => Promise<void> {
  const client = useQueryClient();
  const params = { id: table.id };
  const reread = (): Promise<void> => client.invalidateQueries({ queryKey: tableQueries.rowsOf(table.id) });
  const names = ['id', ...table.columns.map(({ name }) => name)];
  const putBack = async (rows: readonly Row[]): Promise<void> => {
    const values = rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])));
    try {
      for (const part of partsOf(values)) await call('POST /admin/tables/:id/rows', { params, body: { rows: part } });
      toastDone(`Put back ${countOf(rows.length)}.`);
    } catch (error) {
      toastFailed(error);
    }
    await reread();
  };
  return async (rows) => {
    try {
      for (const part of partsOf(rows)) {
        const where = [{ field: 'id', op: 'in' as const, value: part.map(({ id }) => id) }];
        await call('DELETE /admin/tables/:id/rows', { params, body: { where, many: true } });
      }
      toastDone(`Deleted ${countOf(rows.length)}.`, () => void putBack(rows));
    } catch (error) {
      toastFailed(error);
    }
    onDone();
    await reread();
  };
}

function partsOf<T>(list: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < list.length; at += MANY) parts.push(list.slice(at, at + MANY));
  return parts;
}

const countOf = (count: number): string => `${count} ${count === 1 ? 'row' : 'rows'}`;

interface ActOnRowsProps {
  table: Table;
  where: string | undefined;
  /** The chosen rows. */
  rows: readonly Row[];
  onClear: () => void;
}

/** Acts on the chosen rows, and on all rows that the filter has. */
export function ActOnRows({ table, where, rows, onClear }: ActOnRowsProps) {
  const [isAsking, setAsking] = useState(false);
  const remove = useDeleteRows(table, onClear);
  if (rows.length === 0) return null;
  const matching = where === undefined ? 'all rows of the table' : 'all rows that match the filter';
  return (
    <SelectionBar count={countOf(rows.length)} onClear={onClear}>
      <Button tone="danger" onPress={() => void remove(rows)}>
        Delete
      </Button>
      <Button tone="danger" onPress={() => setAsking(true)}>
        Delete {matching}…
      </Button>
      {isAsking && (
        <DeleteMatching
          table={table}
          where={where}
          matching={matching}
          onClose={() => {
            setAsking(false);
            onClear();
          }}
        />
      )}
    </SelectionBar>
  );
}

function DeleteMatching(props: { table: Table; where: string | undefined; matching: string; onClose: () => void }) {
  const { table, where, matching, onClose } = props;
  const client = useQueryClient();
  const conditions = parseWhere(where);
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      call('DELETE /admin/tables/:id/rows', {
        params: { id: table.id },
        body: where === undefined ? { all: true, many: true } : { where: conditions ?? [], many: true },
      }),
    onError: toastFailed,
    onSuccess: async ({ count }) => {
      await client.invalidateQueries({ queryKey: tableQueries.rowsOf(table.id) });
      toastDone(`Deleted ${countOf(count)}.`);
      onClose();
    },
  });
  return (
    <Question
      title={`Delete ${matching}?`}
      verb="Delete them"
      isOpen
      isPending={isPending}
      typed={table.name}
      onClose={onClose}
      onConfirm={() => mutate()}
    >
      <p>It cannot be undone, and these may be more rows than you see. Export them before, if they may be needed.</p>
    </Question>
  );
}
