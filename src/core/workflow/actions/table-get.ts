import { defineAction } from '../language/action';
import { checkFilters, StepRowId, RowLimit, Sort, TableName, tableOf, StepWhere } from './rows';

export const tableGet = defineAction({
  name: 'table.get',
  title: 'Reads one row by id (its result is the row or null), or rows by filters (its result is a list)',
  fields: () => ({
    table: TableName,
    row: StepRowId.optional(),
    where: StepWhere.optional(),
    sort: Sort.optional(),
    limit: RowLimit.optional().meta({ description: 'Maximum number of rows; 100 when left out' }),
    offset: RowLimit.optional(),
  }),
  mentions: tableOf,
  check(step, report) {
    if (step.row !== undefined && (step.where ?? step.sort ?? step.limit ?? step.offset) !== undefined) {
      report('/row', 'invalid_field', 'row must not be combined with where, sort, limit or offset');
    }
    checkFilters(step.where, report);
  },
  compile: (step, code) =>
    step.row === undefined
      ? `await $run.act(${code.text(step.id)}, "table.get", ${code.input({ table: step.table, where: step.where, sort: step.sort, limit: step.limit ?? 100, offset: step.offset })}, ({ table, ...query }) => $run.tables.find(table, query));`
      : `await $run.act(${code.text(step.id)}, "table.get", ${code.input({ table: step.table, row: step.row })}, ({ table, row }) => $run.tables.get(table, row));`,
});
