import type { ReactNode } from 'react';
import { CheckField } from './choice-field';
import styles from './table.module.css';

export interface Column<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** `always`: also on a screen of 320 px, where a table keeps two columns. */
  shown?: 'always' | 'medium' | 'wide';
  align?: 'start' | 'end';
}

export interface TableProps<Row> {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
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
export function Table<Row>({ label, rows, columns, keyOf, selection }: TableProps<Row>) {
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
            {columns.map(({ id, header, shown = 'always', align = 'start' }) => (
              <th key={id} scope="col" className={`${styles[shown]} ${styles[align]}`}>
                {header}
              </th>
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
