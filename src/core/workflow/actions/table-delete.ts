import { defineAction } from '../language/action';
import { checkTarget, compileChange, TableName, tableOf, target } from './rows';

export const tableDelete = defineAction({
  name: 'table.delete',
  title: 'Deletes one row by id, or rows by filters. Its result is {count}',
  fields: () => ({ table: TableName, ...target }),
  writes: true,
  mentions: tableOf,
  check: checkTarget,
  compile: (step, code) => compileChange(step, code, 'delete'),
});
