import type { HandlerRow } from '../../../storage/handlers';
import type { Context } from '../../access/context';
import { limitIssues, type Issue } from '../../../kernel/errors';
import { checkAttachedHandlers } from './check-attached-handlers';
import { absenceOf, absentOf } from '../../uses/absent';
import { fromMentions, type Mention } from '../../code/mention.rules';
import { invalidInput } from '../../../kernel/issues';
import { checkEndpointWorkflows } from '../workflows/check-endpoint-workflows';
import type { AroundWorkflow } from '../workflows/in-endpoint.rules';
import { warnOverlaps } from './warn-overlaps';
import { warnUnlisted } from './unlisted.rules';

/**
 * Returns the points that an endpoint's author should review: warnings of its workflows, tables and handlers that its code names and that
 * do not exist, hosts and secrets that it does not list, secrets that its executor may not use, paths that overlap. Throws 422 when one of its workflows cannot
 * run in it. Omits `warnings` for code without any.
 */
export async function warningsOf(
  ctx: Context,
  handler: HandlerRow,
  version: number | null,
  around: AroundWorkflow & { id: string; executorId: string },
): Promise<{ warnings?: Issue[] }> {
  const { middleware } = around.rules;
  const { errors, warnings } = await checkEndpointWorkflows(ctx, handler, version, around);
  const all = [...errors, ...(await checkAttachedHandlers(ctx, around.rules))];
  if (all.length > 0) throw invalidInput(all);
  const attached = await Promise.all(middleware.map(({ handler: path }) => ctx.store.handlers.byPath(path)));
  const code = [
    { at: '#/handler', who: 'the handler', of: handler, version: version ?? handler.defaultVersion },
    ...attached.map((row, i) => ({
      at: `#/access/middleware/${i}/handler`,
      who: `the middleware ${middleware[i]!.handler}`,
      of: row,
      version: row?.defaultVersion ?? null,
    })),
  ];
  const named = await Promise.all(
    code.map(async ({ at, who, of, version: served }): Promise<Issue[]> => {
      const mentions = of && served !== null ? await mentionsOf(ctx, of, served) : [];
      const absent = await absentOf(ctx, mentions);
      return [
        ...absent.map((mention) => ({ pointer: at, code: 'maybe_missing', message: absenceOf(mention) })),
        ...warnUnlisted(mentions, around.rules, who),
      ];
    }),
  );
  const forbidden = await warnForbidden(ctx, around.rules.secrets, around.executorId);
  const overlaps = await warnOverlaps(ctx, { id: around.id, path: around.path, subpaths: around.rules.subpaths });
  const found = limitIssues([...warnings, ...named.flat(), ...forbidden, ...overlaps]);
  return found.length === 0 && handler.language !== 'workflow' && middleware.length === 0 ? {} : { warnings: found };
}

/** Calls are refused while the executor may not have a listed secret. */
async function warnForbidden({ store }: Context, secrets: string[], executorId: string): Promise<Issue[]> {
  if (secrets.length === 0) return [];
  const executor = await store.users.get(executorId);
  const closed = await store.secrets.closedTo(secrets, executor?.roles ?? []);
  return closed.map((name) => ({
    pointer: `#/secrets/${secrets.indexOf(name)}`,
    code: 'not_permitted',
    message: `the roles of the executor do not permit the secret ${name}: calls are refused until they do`,
  }));
}

async function mentionsOf({ store }: Context, { id }: HandlerRow, version: number): Promise<Mention[]> {
  const names = await store.handlers.mentions(id, version);
  return names ? fromMentions(names) : [];
}
