import { defineAction } from '../language/action';
import { ValueMap } from '../language/value.schema';
import { checkTarget, compileChange, TableName, tableOf, target } from './rows';

export const tableUpdate = defineAction({
  name: 'table.update',
  title:
    'Changes one row by id (its result is the row, or null when it does not exist), or rows by filters (its result is {count})',
  fields: () => ({ table: TableName, ...target, values: ValueMap }),
  writes: true,
  mentions: tableOf,
  check: checkTarget,
  compile: (step, code) => compileChange(step, code, 'update'),
});
