import * as z from 'zod';
import { MAX_SORTED_CURSOR_CHARS, PageQuery } from '../../../kernel/page';
import { MAX_PATH_CHARS } from './endpoint-path.rules';
import { ACCESS_LEVELS } from './endpoint.schema';

export const ListFilter = z.strictObject({
  path: z.string().max(MAX_PATH_CHARS).optional(),
  folder: z.string().max(200).optional(),
  handler: z.string().max(512).optional().meta({ description: 'Path of the handler' }),
  key: z.string().max(64).optional().meta({ description: 'Id of a key that the endpoint accepts' }),
  active: z.enum(['true', 'false']).optional(),
  level: z.enum(ACCESS_LEVELS).optional(),
  issuer: z
    .string()
    .max(500)
    .optional()
    .meta({ description: 'Claim `iss` of an issuer whose tokens open the endpoint' }),
  q: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Text in the path, the title or the path of the handler' }),
});
export type ListFilter = z.infer<typeof ListFilter>;

/** Orders of a list; `-`: descending. */
export const ENDPOINT_SORTS = ['path', '-path', 'name', '-name', 'updated', '-updated', 'calls', '-calls'] as const;

export const ListEndpointsQuery = z.strictObject({
  ...PageQuery.shape,
  cursor: z.string().max(MAX_SORTED_CURSOR_CHARS).optional(),
  ...ListFilter.shape,
  sort: z.enum(ENDPOINT_SORTS).optional().meta({
    description:
      '`name` is the title, or the path without one; `calls` counts those of 24 hours, and needs `run.read`. Default: newest first',
  }),
});
export type ListEndpointsQuery = z.infer<typeof ListEndpointsQuery>;
