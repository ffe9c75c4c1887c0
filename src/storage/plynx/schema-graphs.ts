import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { GraphStatus } from '../../plynx/document/graph.schema';
import type { Node, NodeRunningStatus, NodeStatus } from '../../plynx/document/node.schema';
import { createdAt, id, revision, updatedAt } from '../schema-columns';

/* The tables of the database DB for graphs; src/storage/schema.ts has the rest. */

/** A graph: the columns that searches use, and the key of its document. The status here counts, not the one in the document. */
export const graphs = sqliteTable(
  'graphs',
  {
    id: id(),
    ownerId: text('owner_id').notNull(),
    title: text('title').notNull(),
    description: text('description').notNull(),
    /** The words of title and description, each after a space, in lower case. */
    words: text('words').notNull(),
    status: text('status').$type<GraphStatus>().notNull(),
    /** Key of the document in FILES: 1,000 nodes can be more than the 2 MB of a row. */
    documentKey: text('document_key').notNull(),
    /** The endpoint whose call made this graph; otherwise null. */
    endpointId: text('endpoint_id'),
    /** Number of resumptions of a run that had fallen silent. */
    resumes: integer('resumes').notNull().default(0),
    /** Number of the invocation that runs it: a long run continues in further ones. */
    part: integer('part').notNull().default(1),
    revision: revision(),
    createdAt: createdAt(),
    /** While it runs, the last report of its run. */
    updatedAt: updatedAt(),
  },
  (t) => [
    index('graphs_created').on(t.createdAt),
    index('graphs_owner').on(t.ownerId, t.createdAt),
    index('graphs_status').on(t.status, t.createdAt),
    // Retention scans it; graphs of users are not in it.
    index('graphs_of_calls')
      .on(t.createdAt)
      .where(sql`endpoint_id is not null`),
  ],
);

/** Operations and files. `doc` is the whole node in PLynx's form; the other columns are for searches. */
export const nodes = sqliteTable(
  'nodes',
  {
    id: id(),
    ownerId: text('owner_id').notNull(),
    base: text('base').notNull(),
    status: text('status').$type<NodeStatus>().notNull(),
    starred: integer('starred', { mode: 'boolean' }).notNull(),
    title: text('title').notNull(),
    description: text('description').notNull(),
    words: text('words').notNull(),
    doc: text('doc', { mode: 'json' }).$type<Node>().notNull(),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [index('nodes_created').on(t.createdAt), index('nodes_owner').on(t.ownerId, t.createdAt)],
);

/** Progress of a placed node of an approved graph: merged into the document on read. A row exists once the node has started. */
export const graphNodeRuns = sqliteTable(
  'graph_node_runs',
  {
    graphId: text('graph_id').notNull(),
    nodeId: text('node_id').notNull(),
    status: text('status').$type<NodeRunningStatus>().notNull(),
    /** Ids of files by the name of the output or log. */
    outputs: text('outputs', { mode: 'json' }).$type<Record<string, string>>().notNull(),
    logs: text('logs', { mode: 'json' }).$type<Record<string, string>>().notNull(),
    cacheUrl: text('cache_url').notNull().default(''),
    /** Of a restored node: the run whose files it names. Other nodes made their files themselves. */
    sourceGraphId: text('source_graph_id'),
    sourceNodeId: text('source_node_id'),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (t) => [
    primaryKey({ columns: [t.graphId, t.nodeId] }),
    index('graph_node_runs_status').on(t.status, t.startedAt),
    index('graph_node_runs_source')
      .on(t.sourceGraphId, t.sourceNodeId)
      .where(sql`source_graph_id is not null`),
  ],
);

/** Results of cacheable nodes; the first one under a hash stays until it has been unused for long. */
export const nodeCache = sqliteTable(
  'node_cache',
  {
    hash: text('hash').primaryKey(),
    /** The run that made the files. */
    graphId: text('graph_id').notNull(),
    nodeId: text('node_id').notNull(),
    outputs: text('outputs', { mode: 'json' }).$type<Record<string, string>>().notNull(),
    logs: text('logs', { mode: 'json' }).$type<Record<string, string>>().notNull(),
    createdAt: createdAt(),
    /** Time of the last reuse by a run, to the day. */
    usedAt: integer('used_at').notNull().default(0),
  },
  (t) => [index('node_cache_run').on(t.graphId, t.nodeId), index('node_cache_used').on(t.usedAt)],
);

/** Objects in FILES whose graph retention has deleted. They are deleted once nothing needs them. */
export const discardedBlobs = sqliteTable(
  'discarded_blobs',
  {
    key: text('key').primaryKey(),
    /** The run that made the file; null for the document of a graph, which nothing else needs. */
    graphId: text('graph_id'),
    nodeId: text('node_id'),
    /** Time of the next check. */
    checkAt: integer('check_at').notNull(),
  },
  (t) => [index('discarded_blobs_due').on(t.checkAt)],
);

/** Objects in FILES that stay, of any run: files that a saved graph or node names. */
export const pinnedBlobs = sqliteTable('pinned_blobs', { key: text('key').primaryKey() });
