import * as z from 'zod';
import { MAX_SORTED_CURSOR_CHARS, PageQuery } from '../../../kernel/page';
import { Handler } from './handler.schema';

export const HandlerTreeQuery = z.strictObject({
  ...PageQuery.shape,
  cursor: z.string().max(MAX_SORTED_CURSOR_CHARS).optional(),
  under: z
    .string()
    .max(512)
    .endsWith('/')
    .optional()
    .meta({ description: 'A folder: the start of paths, with the / at its end. Default: all handlers' }),
});
export type HandlerTreeQuery = z.infer<typeof HandlerTreeQuery>;

/** A handler, or a folder of handlers that are not listed one by one. */
export const HandlerTreeItem = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('folder'),
    path: z.string().meta({ description: 'With the / at its end' }),
    handlers: z.int().meta({ description: 'Number of handlers in it, those of folders in it included' }),
  }),
  z.object({ kind: z.literal('handler'), handler: Handler }),
]);
export type HandlerTreeItem = z.infer<typeof HandlerTreeItem>;
