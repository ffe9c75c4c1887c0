import type { Template } from '../template.schema';

export const warmCounter: Template = {
  id: 'warm-counter',
  title: 'A warm counter',
  description:
    'One shared instance counts its calls: in memory, which is lost when it restarts, and in its SQLite, which lasts.',
  handler: {
    path: 'templates/warm-counter.js',
    source: `let sinceStart = 0;

export async function handler(request, ctx) {
  sinceStart += 1;
  const { sql } = ctx.storage;
  sql.exec('CREATE TABLE IF NOT EXISTS counter (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL)');
  const row = sql.exec('INSERT INTO counter (id, value) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET value = value + 1 RETURNING value').one();
  return { sinceStart, everCounted: row.value };
}
`,
  },
  endpoint: { methods: ['POST'], access: { level: 'authenticated' }, instance: 'shared' },
  review: [
    'All calls go to one instance, one after another: this makes the count exact, and limits its speed.',
    'Deploying another version starts a new instance: the count in memory begins again, the one in SQLite continues.',
  ],
};
