import { isNull } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { PackageSet } from '../core/code/package-set';
import { createdAt, id } from './schema-columns';

/** Wheels that were uploaded. Their bytes are in R2, by hash. */
export const packageWheels = sqliteTable(
  'package_wheels',
  {
    sha256: text('sha256').primaryKey(),
    /** Name of its file, which says what it runs on. */
    file: text('file').notNull(),
    name: text('name').notNull(),
    version: text('version').notNull(),
    /** Requirements as its metadata has them. */
    requires: text('requires', { mode: 'json' }).$type<string[]>().notNull(),
    bytes: integer('bytes').notNull(),
    createdAt: createdAt(),
    createdBy: text('created_by').notNull(),
  },
  (t) => [uniqueIndex('package_wheels_file').on(t.file)],
);

/** Sets made of uploaded wheels. A set never changes: another one takes its name, and handlers stay on the one that they were saved with. */
export const packageSets = sqliteTable(
  'package_sets',
  {
    /** Hash of its wheels and of what its snapshot has imported. */
    id: id(),
    name: text('name').notNull(),
    requirements: text('requirements', { mode: 'json' }).$type<string[]>().notNull(),
    /** Modules that its snapshot has imported. */
    preload: text('preload', { mode: 'json' }).$type<string[]>().notNull(),
    entry: text('entry', { mode: 'json' }).$type<PackageSet>().notNull(),
    /** Versions of the runtime for which it has a snapshot, newest first; also one for which none could be made. */
    snapshots: text('snapshots', { mode: 'json' }).$type<string[]>().notNull(),
    /** When another set took its name; its files stay while a version of a handler needs them. */
    retiredAt: integer('retired_at'),
    createdAt: createdAt(),
    createdBy: text('created_by').notNull(),
  },
  (t) => [
    uniqueIndex('package_sets_name').on(t.name).where(isNull(t.retiredAt)),
    index('package_sets_retired').on(t.retiredAt),
  ],
);
