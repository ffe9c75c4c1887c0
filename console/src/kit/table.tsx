import { ArrowDown, ArrowUp, ArrowUpDown } from 'lucide-react';
import { memo, useCallback, useEffect, useRef, type ReactNode } from 'react';
import { directionOf, nextSort, type Direction } from './sort.rules';
import styles from './table.module.css';

export interface Column<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** `always`: also on a screen of 320 px, where a table keeps two columns. */
  shown?: 'always' | 'medium' | 'wide';
  align?: 'start' | 'end';
  /** The direction in which its head sorts first, where the list can be sorted by it. */
  sorts?: Direction;
}

export interface TableProps<Row> {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  /** The order: the id of a column, `-` before it for descending; undefined: that of the list itself. */
  sort?: { by: string | undefined; onChange: (by: string | undefined) => void };
  /** Chosen rows, for acts on several at once. */
  selection?: {
    keys: ReadonlySet<string>;
    onChange: (keys: ReadonlySet<string>) => void;
    nameOf: (row: Row) => string;
  };
}

/**
 * A native table, which screen readers can walk. The first column holds the link of its row: `j` and `k` go from one to the next.
 */
export function Table<Row>({ label, rows, columns, keyOf, sort, selection }: TableProps<Row>) {
  const latest = useRef(selection);
  useEffect(() => {
    latest.current = selection;
  });
  // The same function for each drawing: a row is drawn again when it changes, not when another one does.
  const toggle = useCallback((key: string, isSelected: boolean): void => {
    const keys = new Set(latest.current!.keys);
    if (isSelected) keys.add(key);
    else keys.delete(key);
    latest.current!.onChange(keys);
  }, []);
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {selection && (
              <th scope="col" className={styles.check}>
                <span className="hidden">Select</span>
              </th>
            )}
            {columns.map((column) => (
              <Head key={column.id} column={column} sort={column.sorts && sort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = keyOf(row);
            const choice = selection && { name: selection.nameOf(row), isSelected: selection.keys.has(key) };
            return <TableRow key={key} id={key} row={row} columns={columns} {...choice} onToggle={toggle} />;
          })}
        </tbody>
      </table>
    </div>
  );
}

function Head<Row>({ column, sort }: { column: Column<Row>; sort: TableProps<Row>['sort'] }) {
  const { id, header, shown = 'always', align = 'start', sorts = 'ascending' } = column;
  const direction = sort && (directionOf(sort.by, id) ?? 'none');
  return (
    <th scope="col" className={`${styles[shown]} ${styles[align]}`} aria-sort={direction}>
      {sort ? (
        <button type="button" className={styles.sort} onClick={() => sort.onChange(nextSort(sort.by, id, sorts))}>
          {header}
          {direction === 'none' && <ArrowUpDown aria-hidden="true" />}
          {direction === 'ascending' && <ArrowUp aria-hidden="true" />}
          {direction === 'descending' && <ArrowDown aria-hidden="true" />}
        </button>
      ) : (
        header
      )}
    </th>
  );
}

interface TableRowProps<Row> {
  id: string;
  row: Row;
  columns: readonly Column<Row>[];
  /** Absent in a table without a selection. */
  name?: string;
  isSelected?: boolean;
  onToggle: (id: string, isSelected: boolean) => void;
}

const TableRow = memo(function TableRow({
  id,
  row,
  columns,
  name,
  isSelected = false,
  onToggle,
}: TableRowProps<unknown>) {
  return (
    <tr data-selected={isSelected || undefined}>
      {name !== undefined && (
        <td className={styles.check}>
          {/* Native: one for each of many rows, and a component would take most of the time of drawing a row. */}
          <label className={styles.box}>
            <input
              type="checkbox"
              aria-label={`Select ${name}`}
              checked={isSelected}
              onChange={({ currentTarget }) => onToggle(id, currentTarget.checked)}
            />
          </label>
        </td>
      )}
      {columns.map(({ id: column, cell, shown = 'always', align = 'start' }) => (
        <td key={column} className={`${styles[shown]} ${styles[align]}`}>
          {cell(row)}
        </td>
      ))}
    </tr>
  );
}) as <Row>(props: TableRowProps<Row>) => ReactNode;
