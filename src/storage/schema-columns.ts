import { integer, text } from 'drizzle-orm/sqlite-core';

/** Columns that most tables have. Times are Unix milliseconds; `revision` counts writes to one row. */
export const id = () => text('id').primaryKey();
export const revision = () => integer('revision').notNull().default(1);
export const createdAt = () => integer('created_at').notNull();
export const updatedAt = () => integer('updated_at').notNull();
