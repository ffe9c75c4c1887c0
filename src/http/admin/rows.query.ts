import * as z from 'zod';
import { readLossless } from '../../kernel/json-loss.rules';
import { FORMATS } from '../../core/tables/files/file-lines';
import { MAX_ROWS, MAX_SORT, Where } from '../../core/tables/catalogue/row.schema';

/** Conditions in a URL: `where` as JSON. */
const WhereText = z
  .string()
  .max(16_384)
  .transform((text, ctx): unknown => {
    const read = readLossless(text);
    if ('value' in read) return read.value;
    const place = read.pointer.slice(2);
    ctx.addIssue({
      code: 'custom',
      message: place === '' ? read.message : `${place} ${read.message}`,
      params: { code: read.code },
    });
    return z.NEVER;
  })
  .pipe(Where)
  .meta({ description: 'JSON: [{"field": …, "op": …, "value": …}] or values by column', example: '{"city":"Gent"}' });

const names = (max: number) =>
  z
    .string()
    .max(8192)
    .transform((text) => text.split(','))
    .pipe(z.array(z.string().max(64)).max(max));

const shared = {
  where: WhereText.optional(),
  order: names(MAX_SORT)
    .optional()
    .meta({ description: 'Columns to sort by, with commas; - before one for descending' }),
  columns: names(100).optional().meta({ description: 'Only these columns, with commas, and the id' }),
};

export const ListRowsQuery = z.strictObject({
  ...shared,
  limit: z.coerce.number().int().min(1).max(MAX_ROWS).default(100),
  cursor: z.string().max(16_384).optional(),
});

export const ExportRowsQuery = z.strictObject({ ...shared, format: z.enum(FORMATS).default('csv') });
