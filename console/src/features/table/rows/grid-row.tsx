import type { CSSProperties } from 'react';
import { printable } from '../../../kit/json-tree.rules';
import { GridEditor, type NextKey } from './grid-editor';
import type { Place } from './grid-keys.rules';
import styles from './grid.module.css';

export interface GridColumn {
  name: string;
  type: string;
  isReadOnly: boolean;
}

/** Characters of a cell: the form has the rest. */
const SHOWN = 200;

interface PartProps {
  columns: readonly GridColumn[];
  cellId: (place: Place) => string;
  active: Place;
}

const cellStyle = (active: Place, row: number, column: number): string =>
  `${styles.cell} ${active.row === row && active.column === column ? styles.active : ''}`;

interface GridHeadProps extends PartProps {
  order: string | undefined;
  template: CSSProperties;
  onPress: (place: Place) => void;
}

/** The names of the columns. A press sorts by one. */
export const GridHead = ({ columns, order, cellId, active, template, onPress }: GridHeadProps) => (
  <div role="row" aria-rowindex={1} className={styles.head} style={template}>
    <div role="columnheader" id={cellId({ row: -1, column: 0 })} className={cellStyle(active, -1, 0)}>
      <span className="hidden">Chosen</span>
    </div>
    {columns.map(({ name, type }, i) => {
      const place = { row: -1, column: i + 1 };
      const isDescending = order === `-${name}`;
      const isAscending = order === name;
      return (
        <div
          key={name}
          role="columnheader"
          id={cellId(place)}
          data-column={i + 1}
          className={cellStyle(active, -1, i + 1)}
          aria-sort={isAscending ? 'ascending' : isDescending ? 'descending' : 'none'}
          title={`${name}: ${type}`}
          onClick={() => onPress(place)}
        >
          {name}
          <span aria-hidden="true">{isAscending ? ' ↑' : isDescending ? ' ↓' : ''}</span>
        </div>
      );
    })}
  </div>
);

interface GridRowProps extends PartProps {
  index: number;
  texts: readonly string[];
  isChosen: boolean;
  /** The column whose cell is being edited. */
  editing: number | null;
  style: CSSProperties;
  onPress: (place: Place, isDouble: boolean) => void;
  onSave: (column: GridColumn, text: string) => Promise<string | null>;
  onClose: (place: Place, key: NextKey) => void;
}

/** One row. A press makes a cell active, a double one opens it; the first cell chooses the row. */
export function GridRow({ index, columns, texts, isChosen, editing, cellId, active, style, ...on }: GridRowProps) {
  const mark = { row: index, column: 0 };
  return (
    <div role="row" aria-rowindex={index + 2} aria-selected={isChosen} className={styles.row} style={style}>
      <div
        role="gridcell"
        id={cellId(mark)}
        className={cellStyle(active, index, 0)}
        onClick={() => on.onPress(mark, false)}
      >
        <span className={styles.box} data-selected={isChosen || undefined} aria-hidden="true" />
        <span className="hidden">{isChosen ? 'chosen' : 'not chosen'}</span>
      </div>
      {columns.map((column, i) => {
        const place = { row: index, column: i + 1 };
        const isEdited = editing === i + 1;
        return (
          <div
            key={column.name}
            role="gridcell"
            id={cellId(place)}
            aria-readonly={column.isReadOnly || undefined}
            className={cellStyle(active, index, i + 1)}
            onClick={() => !isEdited && on.onPress(place, false)}
            onDoubleClick={() => !isEdited && on.onPress(place, true)}
          >
            {isEdited ? (
              <GridEditor
                label={`${column.name} of row ${index + 1}`}
                initial={texts[i]!}
                onSave={(text) => on.onSave(column, text)}
                onClose={(key) => on.onClose(place, key)}
              />
            ) : (
              printable(texts[i]!.slice(0, SHOWN))
            )}
          </div>
        );
      })}
    </div>
  );
}
