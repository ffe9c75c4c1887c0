import * as z from 'zod';
import { defineAction } from '../action';
import { checkTarget, RowId, TableName, Where } from './rows';

export const tableDelete = defineAction({
  name: 'table.delete',
  title: 'Deletes one row by id, or rows by filters. Its result is {count}',
  fields: () => ({
    table: TableName,
    row: RowId.optional(),
    where: Where.optional(),
    many: z.boolean().optional().meta({ description: 'Required with filters: they may touch many rows' }),
  }),
  writes: true,
  check: checkTarget,
  compile: (step, code) =>
    step.row === undefined
      ? `await $run.act(${code.text(step.id)}, "table.delete", ${code.input({ table: step.table, where: step.where })}, ({ table, where }) => $run.tables.deleteMany(table, where));`
      : `await $run.act(${code.text(step.id)}, "table.delete", ${code.input({ table: step.table, row: step.row })}, ({ table, row }) => $run.tables.delete(table, row));`,
});
