import { notFound } from '../../kernel/errors';
import { verb } from '../access/verb';
import { KINDS } from './documents/documents';
import { toProject } from './plan/make-plan';
import type { Project, ProjectState } from './project.schema';
import { findObjects } from './state/find-objects';
import { labelOf, type FoundObject } from './state/found';

/** Maximum number of projects in a list. */
const MAX_PROJECTS = 1000;

/** Lists projects by name. */
export const listProjects = verb('project.read', async (ctx): Promise<{ items: Project[] }> => ({
  items: (await ctx.store.projects.list(MAX_PROJECTS)).map((row) => toProject(row.name, row)),
}));

/** Returns what a project pushed and what became of it here, in normal form, for a pull. Throws 404 for one that never pushed. */
export const getProject = verb('project.read', async (ctx, name: string): Promise<ProjectState> => {
  const row = await ctx.store.projects.get(name);
  if (!row) throw notFound('project');
  const bases = await ctx.store.projects.bases(name);
  const objects: ProjectState['objects'] = [];
  for (const kind of KINDS) {
    const own = bases.filter((base) => base.kind === kind);
    const known = new Map(own.map(({ identity, at, document }) => [identity, { at, sha256: String(document.sha256) }]));
    const ids = own.map(({ objectId }) => objectId);
    const found = await findObjects(
      ctx,
      kind,
      own.map(({ identity }) => identity),
      { ids, known },
    );
    for (const base of own) {
      const now =
        (kind === 'endpoint' ? found.find(({ id }) => id === base.objectId) : undefined) ??
        found.find(({ identity }) => identity === base.identity);
      objects.push({ ...toShown(now), kind, identity: now?.identity ?? base.identity, isOwn: true, base: pick(base) });
    }
  }
  return { ...toProject(name, row), objects: objects.toSorted((a, b) => (labelOf(a) < labelOf(b) ? -1 : 1)) };
});

const toShown = (found: FoundObject | undefined) => ({ document: found?.normal() ?? null });

const pick = ({ sha256, document }: { sha256: string; document: Record<string, unknown> }) => ({ sha256, document });
