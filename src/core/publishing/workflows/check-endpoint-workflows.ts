import type { HandlerRow } from '../../../storage/handlers';
import type { Context } from '../../access/context';
import type { Issue } from '../../../kernel/errors';
import { NOT_A_HANDLER, type PlacedIssues } from './check-in-endpoints';
import { checkWorkflow } from '../../workflow/check/check.rules';
import { issuesInEndpoint, issuesOfAttachment, type AroundWorkflow } from './in-endpoint.rules';
import { pointerSegment } from '../../../kernel/json-pointer';

/**
 * Checks a new state of an endpoint against the workflows that it will run: its handler's version, where that is a workflow, and its
 * middleware with their values. Pointers are into the endpoint; those into a workflow follow in the message.
 */
export async function checkEndpointWorkflows(
  ctx: Pick<Context, 'store'>,
  handler: HandlerRow,
  handlerVersion: number | null,
  around: AroundWorkflow,
): Promise<PlacedIssues> {
  const [own, ...attached] = await Promise.all([
    checkHandler(ctx, handler, handlerVersion, around),
    ...around.rules.middleware.map((_, index) => checkMiddleware(ctx, index, around)),
  ]);
  const all = [own, ...attached];
  return { errors: all.flatMap(({ errors }) => errors), warnings: all.flatMap(({ warnings }) => warnings) };
}

async function checkHandler(
  ctx: Pick<Context, 'store'>,
  handler: HandlerRow,
  handlerVersion: number | null,
  around: AroundWorkflow,
): Promise<PlacedIssues> {
  const version = handlerVersion ?? handler.defaultVersion;
  if (handler.language !== 'workflow' || version === null) return { errors: [], warnings: [] };
  const row = await ctx.store.handlers.version(handler.id, version);
  if (!row) return { errors: [], warnings: [] };
  if (row.artifact.workflow?.kind === 'middleware')
    return { errors: [toIssue('#/handler')(NOT_A_HANDLER)], warnings: [] };
  const { errors, warnings } = issuesInEndpoint(row.source, around, { handler: handler.id, version });
  return { errors: errors.map(toIssue('#/handler')), warnings: warnings.map(toIssue('#/handler')) };
}

async function checkMiddleware(
  ctx: Pick<Context, 'store'>,
  index: number,
  around: AroundWorkflow,
): Promise<PlacedIssues> {
  const at = `#/access/middleware${pointerSegment(index)}`;
  const handler = await ctx.store.handlers.byPath(around.rules.middleware[index]!.handler);
  const refused = (code: string, message: string): PlacedIssues => ({
    errors: [{ pointer: `${at}/handler`, code, message }],
    warnings: [],
  });
  if (!handler) return refused('not_found', 'handler not found');
  const row =
    handler.defaultVersion === null ? undefined : await ctx.store.handlers.version(handler.id, handler.defaultVersion);
  if (!row) return refused('not_deployed', 'this handler has no deployed version');
  const { workflow } = handler.language === 'workflow' ? checkWorkflow(row.source) : { workflow: null };
  if (workflow?.kind !== 'middleware')
    return refused('not_middleware', 'only a workflow of kind middleware can be attached');
  const { inSource, inValues } = issuesOfAttachment({ source: row.source, workflow }, index, around);
  const inHandler = toIssue(`${at}/handler`);
  const inPlace = ({ pointer, code, message }: Issue): Issue => ({ pointer: at + pointer, code, message });
  return {
    errors: [...inSource.errors.map(inHandler), ...inValues.errors.map(inPlace)],
    warnings: [...inSource.warnings.map(inHandler), ...inValues.warnings.map(inPlace)],
  };
}

/** Returns an issue of a workflow, at the field of the endpoint that names it. */
const toIssue =
  (at: string) =>
  ({ pointer, code, message }: Issue): Issue => ({ pointer: at, code, message: `${pointer}: ${message}` });
