import { toIso } from '../../../kernel/clock';
import type { HandlerRow, HandlerVersionRow } from '../../../storage/handlers';
import type { Handler, HandlerVersion } from './handler.schema';

export const toHandler = (row: HandlerRow): Handler => ({
  ...row,
  createdAt: toIso(row.createdAt),
  updatedAt: toIso(row.updatedAt),
});

/** A line of a handler's history. */
export const toVersion = (row: HandlerVersionRow, defaultVersion: number | null): HandlerVersion => ({
  version: row.version,
  form: row.form === 'named' ? 'named' : 'request',
  note: row.note,
  isDefault: row.version === defaultVersion,
  createdAt: toIso(row.createdAt),
  createdBy: row.createdBy,
});
