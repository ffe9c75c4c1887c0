import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { move, type Place } from './grid-keys.rules';
import { GridHead, GridRow, type GridColumn } from './grid-row';
import styles from './grid.module.css';

interface GridProps {
  label: string;
  columns: readonly GridColumn[];
  rows: readonly (readonly string[])[];
  /** Ids of the rows, in their order. */
  ids: readonly string[];
  hasMore: boolean;
  onMore: () => void;
  /** A column name, with a minus for descending. */
  order: string | undefined;
  onOrder: (column: string) => void;
  chosen: ReadonlySet<string>;
  onChoose: (ids: ReadonlySet<string>) => void;
  /** Deletes the chosen rows, or that of the active cell. */
  onDelete: (ids: readonly string[]) => void;
  /** Opens the form of a row: for what has no place in a cell. */
  onOpen: (row: number, column: string) => void;
  /** Returns true where a column is edited in its form. */
  isInForm: (column: GridColumn) => boolean;
  /** Resolves to what is wrong, or to null when the value is saved. */
  onSave: (row: number, column: GridColumn, text: string) => Promise<string | null>;
}

/** Pixels. */
const ROW_HEIGHT = 34;
const MARK_WIDTH = 36;
const ID_WIDTH = 300;
const COLUMN_WIDTH = 170;

/** Holds which cell of a grid is active and which is edited, and what keys do. */
function useGrid(props: GridProps) {
  const { columns, rows, ids, chosen, hasMore, onMore } = props;
  const name = useId();
  const scroll = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Place>({ row: 0, column: 1 });
  // Rows may have gone since.
  const active = { ...place, row: Math.min(place.row, rows.length - 1) };
  // By the id of the row: others may come and go above it while its cell is edited.
  const [editing, setEditing] = useState<{ id: string; column: number } | null>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
    scrollPaddingStart: ROW_HEIGHT,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - 20) onMore();
  }, [hasMore, last, rows.length, onMore]);
  const size = { rows: rows.length, columns: columns.length + 1 };
  const cellId = ({ row, column }: Place): string => `${name}-${row}-${column}`;
  const isDrawn = active.row === -1 || shown.some(({ index }) => index === active.row);
  const goTo = (to: Place): void => {
    setPlace(to);
    if (to.row >= 0) virtual.scrollToIndex(to.row);
    scroll.current
      ?.querySelector(`[data-column="${to.column}"]`)
      ?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  };
  const choose = (row: number): void => {
    const next = new Set(chosen);
    if (!next.delete(ids[row]!)) next.add(ids[row]!);
    props.onChoose(next);
  };
  const open = (at: Place): void => {
    const column = columns[at.column - 1];
    if (at.row === -1) {
      if (column) props.onOrder(column.name);
    } else if (column === undefined) choose(at.row);
    else if (column.isReadOnly || props.isInForm(column)) props.onOpen(at.row, column.name);
    else setEditing({ id: ids[at.row]!, column: at.column });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (editing !== null) return;
    const isMod = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor((scroll.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const next = move(active, event.key, isMod, { ...size, page });
    const acts: Record<string, () => void> = {
      Enter: () => open(active),
      F2: () => open(active),
      ' ': () => active.row >= 0 && choose(active.row),
      Delete: () => active.row >= 0 && props.onDelete(chosen.size > 0 ? [...chosen] : [ids[active.row]!]),
      Escape: () => props.onChoose(new Set()),
    };
    const act = next
      ? () => goTo(next)
      : isMod
        ? event.key === 'a'
          ? () => props.onChoose(new Set(ids))
          : undefined
        : acts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  const close = (to: Place | null): void => {
    setEditing(null);
    scroll.current?.focus();
    if (to) goTo(to);
  };
  return { scroll, virtual, size, cellId, active, isDrawn, editing, setPlace, open, onKeyDown, close };
}

/**
 * Rows as a grid, of which only those in sight are drawn. The grid keeps the focus and names its active cell, so that a cell which scrolls
 * away takes no focus with it. Column 0 chooses rows.
 */
export function Grid(props: GridProps) {
  const { columns, rows, ids, chosen, hasMore } = props;
  const { scroll, virtual, size, cellId, active, isDrawn, editing, setPlace, open, onKeyDown, close } = useGrid(props);
  // A definite width, so that the cells of all rows are below the names of their columns.
  const width = MARK_WIDTH + ID_WIDTH + (columns.length - 1) * COLUMN_WIDTH;
  const others = columns.length > 1 ? ` repeat(${columns.length - 1}, minmax(${COLUMN_WIDTH}px, 1fr))` : '';
  const template = { width, gridTemplateColumns: `${MARK_WIDTH}px ${ID_WIDTH}px${others}` };
  return (
    <div
      className={styles.grid}
      role="grid"
      aria-label={props.label}
      aria-rowcount={hasMore ? -1 : rows.length + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={isDrawn ? cellId(active) : undefined}
      tabIndex={0}
      ref={scroll}
      onKeyDown={onKeyDown}
    >
      <GridHead
        columns={columns}
        order={props.order}
        cellId={cellId}
        active={active}
        template={template}
        onPress={(place) => {
          setPlace(place);
          open(place);
        }}
      />
      <div role="presentation" className={styles.body} style={{ width, height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <GridRow
            key={ids[index]}
            index={index}
            columns={columns}
            texts={rows[index]!}
            isChosen={chosen.has(ids[index]!)}
            cellId={cellId}
            active={active}
            editing={editing !== null && editing.id === ids[index] ? editing.column : null}
            style={{ ...template, transform: `translateY(${start}px)` }}
            onPress={(place, isDouble) => {
              setPlace(place);
              if (isDouble === place.column > 0) open(place);
            }}
            onSave={(column, text) => props.onSave(index, column, text)}
            onClose={(place, key) => close(key === null ? null : move(place, key, false, { ...size, page: 1 }))}
          />
        ))}
      </div>
    </div>
  );
}
