import type { Issue } from '../../../kernel/errors';
import { isSameJson } from '../../../kernel/json.rules';
import type { Column } from './column.schema';

export interface ColumnChanges {
  renameColumns: Record<string, string>;
  /** Names after the renames. */
  dropColumns: string[];
  addColumns: Column[];
  issues: Issue[];
}

/**
 * Returns the changes that turn the columns of a table into `wanted`; `formerNames` gives the former name of a renamed one. A column whose
 * definition differs is an issue: SQLite changes neither types nor constraints. Their order means nothing.
 */
export function columnChanges(
  stored: readonly Column[],
  wanted: readonly Column[],
  formerNames: Readonly<Record<string, string>> = {},
): ColumnChanges {
  const has = (name: string): boolean => stored.some((column) => column.name === name);
  const renames = wanted.flatMap(({ name }): [string, string][] => {
    const was = Object.hasOwn(formerNames, name) ? formerNames[name]! : undefined;
    return was !== undefined && has(was) && !has(name) ? [[was, name]] : [];
  });
  const renameColumns = Object.fromEntries(renames);
  const present = stored.map((column) => ({ ...column, name: renameColumns[column.name] ?? column.name }));
  const find = (name: string) => present.find((column) => column.name === name);
  return {
    renameColumns,
    dropColumns: present.flatMap(({ name }) => (wanted.some((column) => column.name === name) ? [] : [name])),
    addColumns: wanted.filter(({ name }) => !find(name)),
    issues: wanted.flatMap((column, index) => {
      const before = find(column.name);
      return before && !isSameDefinition(before, column) ? [fixed(index, column.name)] : [];
    }),
  };
}

const isSameDefinition = (one: Column, other: Column): boolean =>
  one.type === other.type &&
  one.required === other.required &&
  one.unique === other.unique &&
  isSameJson(one.default, other.default);

const fixed = (index: number, name: string): Issue => ({
  pointer: `#/columns/${index}`,
  code: 'column_fixed',
  message: `the type, constraints and default of the column ${name} cannot be changed: add a column of another name, and move the values`,
});
