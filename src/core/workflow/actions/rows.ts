import * as z from 'zod';
import { fullTableName } from '../../code/mention.rules';
import type { CodeWriter, ReportIssue } from '../language/action';
import { ExpressionValue, TemplateValue, Value, whole } from '../language/value.schema';

/** Fields that the table actions share: table, rows and order. */
export const TableName = z.string().min(1).max(127).meta({ description: 'Name of the table' });
const StepColumn = z.string().min(1).max(64);

const FILTER_OPERATORS = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'in', 'contains', 'startsWith', 'isNull'] as const;

export const StepRowId = z
  .union([z.string(), z.number(), ExpressionValue, TemplateValue])
  .meta({ description: 'Id of one row' });

export const StepWhere = z
  .array(z.strictObject({ field: StepColumn, op: z.enum(FILTER_OPERATORS).optional(), value: Value.optional() }))
  .min(1)
  .max(20)
  .meta({ id: 'Where', description: 'Rows that match all of these; op is eq when left out' });
export const Sort = z
  .array(z.strictObject({ field: StepColumn, dir: z.enum(['asc', 'desc']).optional() }))
  .min(1)
  .max(5);
export const RowLimit = whole(1, 1_000);

/** Returns the table of a table action, for `mentions`. */
export const tableOf = ({ table }: { table: string }): { at: string; kind: 'table'; name: string }[] => {
  const name = fullTableName(table);
  return name === null ? [] : [{ at: '/table', kind: 'table', name }];
};

/** Fields that select the rows of a change; checked by `checkTarget`. */
export const target = {
  row: StepRowId.optional(),
  where: StepWhere.optional(),
  many: z.boolean().optional().meta({ description: 'Required with filters: they may match many rows' }),
  all: z.literal(true).optional().meta({
    description: 'Selects every row: instead of filters, or with filters that may match every row',
  }),
};

/** Checks that a change selects one row by id, rows by filters with `many`, or every row with `all`. */
export function checkTarget(
  step: { row?: unknown; where?: unknown; many?: unknown; all?: unknown },
  report: ReportIssue,
): void {
  if ((step.row === undefined) === ((step.where ?? step.all) === undefined)) {
    report('', 'invalid_field', 'requires either row (the id of one row), where (filters) or "all": true (every row)');
  }
  if (step.where !== undefined && step.many !== true) {
    report('/where', 'many_without_flag', 'filters may match many rows: add "many": true');
  }
  checkFilters(step.where, report);
}

/** Checks that `isNull` has no value, and that every other operator has one. */
export function checkFilters(where: unknown, report: ReportIssue): void {
  if (!Array.isArray(where)) return;
  (where as { op?: string; value?: unknown }[]).forEach(({ op, value }, index) => {
    if ((op === 'isNull') !== (value === undefined)) {
      report(
        `/where/${index}`,
        'invalid_field',
        op === 'isNull' ? 'isNull must not have a value' : 'a filter requires a value',
      );
    }
  });
}

/** Compiles a change of one row by id or of rows by filters. `values` are those of an update. */
export function compileChange(
  step: { id: string; table: string; row?: unknown; where?: unknown; all?: unknown; values?: unknown },
  code: CodeWriter,
  verb: 'update' | 'delete',
): string {
  const { table, values } = step;
  const more = values === undefined ? '' : ', values';
  const act = (input: Record<string, unknown>, names: string, call: string): string =>
    `await $run.act(${code.text(step.id)}, ${code.text(`table.${verb}`)}, ${code.input(input)}, ({ ${names}${more} }) => $run.tables.${call});`;
  if (step.row !== undefined) return act({ table, row: step.row, values }, 'table, row', `${verb}(table, row${more})`);
  const all = step.all === true ? ', { all: true }' : '';
  return act({ table, where: step.where ?? [], values }, 'table, where', `${verb}Many(table, where${more}${all})`);
}
