import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Kind } from '../core/projects/documents/documents';
import type { Normal } from '../core/projects/documents/normal.rules';
import { createdAt } from './schema-columns';

/** Projects whose files are pushed here. `generation` counts pushes that changed something. */
export const projects = sqliteTable('projects', {
  name: text('name').primaryKey(),
  generation: integer('generation').notNull(),
  lastCommit: text('last_commit'),
  pushedAt: integer('pushed_at'),
  pushedBy: text('pushed_by'),
  createdAt: createdAt(),
});

/** Last push of a project, or its state as the files have it: the base of its next comparison. */
export const projectObjects = sqliteTable(
  'project_objects',
  {
    project: text('project').notNull(),
    kind: text('kind').$type<Kind>().notNull(),
    identity: text('identity').notNull(),
    /** Id of the object in this service, or its name. */
    objectId: text('object_id').notNull(),
    /** SHA-256 of the document as it was sent. */
    sha256: text('sha256').notNull(),
    /** Normal form of the document; of a handler, the hash of its source. */
    document: text('document', { mode: 'json' }).$type<Normal>().notNull(),
    /** State of the object when both sides were equal (`FoundObject.at`); null: they were not. */
    at: integer('at'),
  },
  (t) => [primaryKey({ columns: [t.project, t.kind, t.identity] })],
);

/** Contents that were uploaded for a push, by hash. They are in R2, until a day after their last upload. */
export const uploads = sqliteTable(
  'uploads',
  {
    sha256: text('sha256').primaryKey(),
    bytes: integer('bytes').notNull(),
    uploadedAt: integer('uploaded_at').notNull(),
  },
  (t) => [index('uploads_uploaded').on(t.uploadedAt)],
);
