import * as z from 'zod';
import type { Report } from '../action';
import { ExpressionValue, TemplateValue, Value, whole } from '../value.schema';

/** What the table actions share: which table, which rows, in which order. */
export const TableName = z.string().min(1).max(64).meta({ description: 'Name of the table' });
export const Column = z.string().min(1).max(64);

export const FILTER_OPERATORS = [
  'eq',
  'ne',
  'lt',
  'lte',
  'gt',
  'gte',
  'in',
  'contains',
  'startsWith',
  'isNull',
] as const;

export const RowId = z
  .union([z.string(), z.number(), ExpressionValue, TemplateValue])
  .meta({ description: 'Id of one row' });

export const Where = z
  .array(z.strictObject({ field: Column, op: z.enum(FILTER_OPERATORS).optional(), value: Value.optional() }))
  .min(1)
  .max(20)
  .meta({ id: 'Where', description: 'Rows that pass all of these; op is eq when left out' });
export const Sort = z
  .array(z.strictObject({ field: Column, dir: z.enum(['asc', 'desc']).optional() }))
  .min(1)
  .max(5);
export const RowLimit = whole(1, 1_000);

/** A change names one row by id, or rows by filters; the latter says that it means many. */
export function checkTarget(step: { row?: unknown; where?: unknown; many?: unknown }, report: Report): void {
  if ((step.row === undefined) === (step.where === undefined)) {
    report('', 'invalid_field', 'give either row (the id of one row) or where (filters)');
  }
  if (step.where !== undefined && step.many !== true) {
    report('/where', 'many_without_flag', 'filters may touch many rows: say "many": true');
  }
  checkFilters(step.where, report);
}

/** `isNull` takes no value, every other operator one. */
export function checkFilters(where: unknown, report: Report): void {
  if (!Array.isArray(where)) return;
  (where as { op?: string; value?: unknown }[]).forEach(({ op, value }, index) => {
    if ((op === 'isNull') !== (value === undefined)) {
      report(`/where/${index}`, 'invalid_field', op === 'isNull' ? 'isNull takes no value' : 'a filter needs a value');
    }
  });
}
