import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { CheckField } from './choice-field';
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
  const toggle = (key: string, isSelected: boolean): void => {
    const keys = new Set(selection!.keys);
    if (isSelected) keys.add(key);
    else keys.delete(key);
    selection!.onChange(keys);
  };
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
          {rows.map((row) => (
            <tr key={keyOf(row)} data-selected={selection?.keys.has(keyOf(row)) || undefined}>
              {selection && (
                <td className={styles.check}>
                  <CheckField
                    isSelected={selection.keys.has(keyOf(row))}
                    onChange={(isSelected) => toggle(keyOf(row), isSelected)}
                  >
                    <span className="hidden">Select {selection.nameOf(row)}</span>
                  </CheckField>
                </td>
              )}
              {columns.map(({ id, cell, shown = 'always', align = 'start' }) => (
                <td key={id} className={`${styles[shown]} ${styles[align]}`}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
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
          {direction === 'ascending' && <ArrowUp aria-hidden="true" />}
          {direction === 'descending' && <ArrowDown aria-hidden="true" />}
        </button>
      ) : (
        header
      )}
    </th>
  );
}
