export const COLUMN_TYPES = [
  'text',
  'longtext',
  'integer',
  'number',
  'boolean',
  'date',
  'datetime',
  'uuid',
  'json',
  'email',
  'url',
] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];
