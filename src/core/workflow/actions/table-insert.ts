import { defineAction } from '../language/action';
import { ValueMap } from '../language/value.schema';
import { TableName, tableOf } from './rows';

export const tableInsert = defineAction({
  name: 'table.insert',
  title: 'Adds a row. Its result is the row as stored, with its id',
  fields: () => ({ table: TableName, values: ValueMap }),
  writes: true,
  mentions: tableOf,
  compile: (step, code) =>
    `await $run.act(${code.text(step.id)}, "table.insert", ${code.input({ table: step.table, values: step.values })}, ({ table, values }) => $run.tables.insert(table, values));`,
});
