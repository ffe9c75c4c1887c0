import * as z from 'zod';
import { defineAction } from '../action';
import { ValueMap } from '../value.schema';
import { checkTarget, RowId, TableName, Where } from './rows';

export const tableUpdate = defineAction({
  name: 'table.update',
  title:
    'Changes one row by id (its result is the row, or null when there is none), or rows by filters (its result is {count})',
  fields: () => ({
    table: TableName,
    row: RowId.optional(),
    where: Where.optional(),
    many: z.boolean().optional().meta({ description: 'Required with filters: they may touch many rows' }),
    values: ValueMap,
  }),
  writes: true,
  check: checkTarget,
  compile: (step, code) =>
    step.row === undefined
      ? `await $run.act(${code.text(step.id)}, "table.update", ${code.input({ table: step.table, where: step.where, values: step.values })}, ({ table, where, values }) => $run.tables.updateMany(table, where, values));`
      : `await $run.act(${code.text(step.id)}, "table.update", ${code.input({ table: step.table, row: step.row, values: step.values })}, ({ table, row, values }) => $run.tables.update(table, row, values));`,
});
