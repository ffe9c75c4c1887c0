import type { HandlerRow, HandlerVersionRow } from '../../../storage/handlers';
import type { Handler, HandlerVersion } from './handler.schema';

const iso = (ms: number): string => new Date(ms).toISOString();

export const toHandler = (row: HandlerRow): Handler => ({
  ...row,
  createdAt: iso(row.createdAt),
  updatedAt: iso(row.updatedAt),
});

/** A line of a handler's history. */
export const toVersion = (row: HandlerVersionRow, defaultVersion: number | null): HandlerVersion => ({
  version: row.version,
  form: row.form === 'named' ? 'named' : 'request',
  note: row.note,
  isDefault: row.version === defaultVersion,
  createdAt: iso(row.createdAt),
  createdBy: row.createdBy,
});
