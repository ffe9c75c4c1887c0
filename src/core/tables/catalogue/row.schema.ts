import * as z from 'zod';
import type { Complete } from '../../../kernel/fields';
import { isObject } from '../../../kernel/json.rules';

/** Rows of one page, of one insert and of one list of values. */
export const MAX_ROWS = 1000;
/** Conditions of one query. D1 binds 100 values and nests expressions 100 levels deep. */
export const MAX_FILTERS = 20;
export const MAX_SORT = 5;

export const OPERATORS = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'in', 'contains', 'startsWith', 'isNull'] as const;
export type FilterOperator = (typeof OPERATORS)[number];

/** Not `z.record`, which skips the key `__proto__`: a condition that is not read would match every row. */
const Values = z
  .custom<Record<string, unknown>>(isObject, 'must be an object')
  .meta({ override: { type: 'object', additionalProperties: true } });

const ColumnRef = z.string().max(63);
export interface Filter {
  field: string;
  /** `eq` when left out. */
  op?: FilterOperator;
  value?: unknown;
}

/**
 * The rows to select: all conditions apply. A list of `{field, op, value}`, or an object of values by column, where a list means `in`, null
 * means no value and an object has operators: `{"city": "Gent", "price": {"gte": 5, "lt": 9}}`. Its content is checked against the
 * table (query.rules.ts).
 */
export const Where = z
  .custom<Filter[] | Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null,
    'must be an object of values by column, or a list of {field, op, value}',
  )
  .meta({
    description: 'Conditions that all apply: [{field, op, value}], or values by column',
    override: {
      anyOf: [
        {
          type: 'array',
          maxItems: MAX_FILTERS,
          items: {
            type: 'object',
            required: ['field'],
            additionalProperties: false,
            properties: {
              field: { type: 'string', maxLength: 63 },
              op: { type: 'string', enum: [...OPERATORS], default: 'eq' },
              value: {},
            },
          },
        },
        { type: 'object', additionalProperties: true },
      ],
    },
  });
export type Where = z.infer<typeof Where>;

const Direction = z.enum(['asc', 'desc']).default('asc');
const query = {
  where: Where.optional(),
  sort: z
    .array(z.strictObject({ field: ColumnRef, dir: Direction }))
    .max(MAX_SORT)
    .optional(),
  /** The short form of `sort`: "-price" for descending. */
  order: z.array(z.string().max(64)).max(MAX_SORT).optional(),
  columns: z
    .array(ColumnRef)
    .max(100)
    .optional()
    .meta({ description: 'Only these columns, and the id; all when left out' }),
  cursor: z.string().max(16_384).nullish(),
  offset: z.int().min(0).max(1_000_000).optional(),
};

export const RowsQuery = z.strictObject({ ...query, limit: z.int().min(1).max(MAX_ROWS).default(100) });
export type RowsQuery = z.infer<typeof RowsQuery>;

export const RowId = z.union([z.string().max(64), z.number()], 'must be the id of a row, a text or a number');
export type RowId = z.infer<typeof RowId>;

export const InsertRowsInput = z.strictObject({ rows: z.array(Values).min(1).max(MAX_ROWS) });
export type InsertRowsInput = z.infer<typeof InsertRowsInput>;
export const RowChanges = Values;

const many = z.literal(true, 'must be true: conditions may match many rows').meta({
  description: 'Confirms a change of many rows',
});
/** The rows of a bulk change. Without a condition that excludes rows, `all` is required. */
export const ManyRows = {
  where: Where.optional(),
  all: z.boolean().optional().meta({ description: 'Selects every row: required without a condition' }),
};
export type ManyRows = Complete<typeof ManyRows>;
export const UpdateManyInput = z.strictObject({ ...ManyRows, changes: RowChanges, many });
export const DeleteManyInput = z.strictObject({ ...ManyRows, many });

/** A row in the API: `id`, `created_at`, `updated_at` and the table's columns by name. */
export const Row = z.record(z.string(), z.unknown());
export type Row = z.infer<typeof Row>;
export interface RowsPage {
  rows: Row[];
  nextCursor: string | null;
}
export const Count = z.object({ count: z.int() });
