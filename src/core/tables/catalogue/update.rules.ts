import type { Issue } from '../../../kernel/errors';
import { MAX_COLUMNS, TYPE_STAYS, type Column, type StoredColumn } from './column.schema';
import type { UpdateTableInput } from './table.schema';

type Changes = Pick<UpdateTableInput, 'renameColumns' | 'dropColumns' | 'addColumns'>;
export interface ColumnPlan {
  /** The remaining columns, with their new names. */
  kept: StoredColumn[];
  dropped: StoredColumn[];
  added: Column[];
}

/** Plans the change of a table's columns: renames, then drops, then additions. Lists every issue. */
export function planColumns(columns: StoredColumn[], changes: Changes): ColumnPlan | { issues: Issue[] } {
  const issues: Issue[] = [];
  for (const name of Object.keys(changes.renameColumns)) {
    if (!columns.some((column) => column.name === name))
      issues.push({
        pointer: `#/renameColumns/${name}`,
        code: 'unknown_column',
        message: `unknown column ${name}`,
      });
  }
  const renamed = columns.map((column) => ({
    ...column,
    name: Object.hasOwn(changes.renameColumns, column.name) ? changes.renameColumns[column.name]! : column.name,
  }));
  changes.dropColumns.forEach((name, i) => {
    if (!renamed.some((column) => column.name === name))
      issues.push({ pointer: `#/dropColumns/${i}`, code: 'unknown_column', message: `unknown column ${name}` });
  });
  const dropped = renamed.filter(({ name }) => changes.dropColumns.includes(name));
  const kept = renamed.filter((column) => !dropped.includes(column));
  const names = kept.map(({ name }) => name);
  names.forEach((name, i) => {
    if (names.indexOf(name) < i)
      issues.push({ pointer: '#/renameColumns', code: 'name_taken', message: `two columns have the name ${name}` });
  });
  changes.addColumns.forEach(({ name, required, ...column }, i) => {
    const pointer = `#/addColumns/${i}`;
    const there = kept.find((one) => one.name === name);
    if (there) {
      const advice = there.type === column.type ? '' : `; ${TYPE_STAYS}`;
      const message = `column ${name} already exists${advice}`;
      issues.push({ pointer: `${pointer}/name`, code: 'name_taken', message });
    }
    if (required && column.default === null)
      issues.push({
        pointer: `${pointer}/default`,
        code: 'required',
        message: 'a required column must have a default',
      });
  });
  if (kept.length + changes.addColumns.length > MAX_COLUMNS)
    issues.push({
      pointer: '#/addColumns',
      code: 'too_big',
      message: `a table must have at most ${MAX_COLUMNS} columns`,
    });
  return issues.length > 0 ? { issues } : { kept, dropped, added: changes.addColumns };
}
