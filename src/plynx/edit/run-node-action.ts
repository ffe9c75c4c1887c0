import { verb } from '../../core/access/verb';
import { actorLabel } from '../../core/access/permissions';
import type { Context } from '../../core/access/context';
import { isForAuthor, planNodeAction } from './node-action.rules';
import type { Node } from '../document/node.schema';
import { emptyCommandWarnings } from '../run/empty-command.rules';
import { renderScript } from '../run/execute-node';
import { previewCommand } from '../run/script.rules';
import type { ValidationIssue } from '../validate/validation.rules';
import { permissionDenied } from './permission-denied';
import { objectIdOfUser } from '../document/user-object-id.rules';
import { saveNode } from './save-node';
import type { NodeRow } from '../../storage/plynx/nodes';

/** Result of an action on a node. `refused` is an ordinary result; `unusable` is a node that the action cannot process. */
export type NodeActionResult =
  | { kind: 'refused' | 'unusable'; message: string }
  | { kind: 'invalid'; node: Node; error: ValidationIssue }
  | { kind: 'done'; node: Node; warnings: string[] }
  | { kind: 'preview'; node: Node; text: string };

/**
 * Performs one action on a posted operation or file. `decidedOn` is the stored row on which the caller has decided; without it the current
 * one is read. Throws 403 for a change of another user's, 412 when the row has changed since.
 */
export const runNodeAction = (
  ctx: Context,
  posted: Node,
  action: string,
  decidedOn?: NodeRow,
): Promise<NodeActionResult> => (isForAuthor(action) ? write : read)(ctx, posted, action, decidedOn);

const write = verb('node.write', perform);
const read = verb('node.read', perform);

async function perform(
  ctx: Context,
  posted: Node,
  action: string,
  decidedOn: NodeRow | undefined,
): Promise<NodeActionResult> {
  const actorId = actorLabel(ctx.actor);
  const stored = decidedOn ?? (await ctx.store.nodes.get(posted._id));
  if (stored && stored.ownerId !== actorId && isForAuthor(action)) throw permissionDenied();
  const node = { ...posted, author: objectIdOfUser(actorId) };
  const plan = planNodeAction(action, node, stored?.doc);
  switch (plan.kind) {
    case 'refused':
      return plan;
    case 'invalid':
      return { kind: 'invalid', node, error: plan.error };
    case 'valid':
      return { kind: 'done', node, warnings: emptyCommandWarnings([node]) };
    case 'save': {
      // A new operation is empty until its author writes it.
      const warnings = action === 'APPROVE' ? emptyCommandWarnings([node]) : [];
      return { kind: 'done', node: await saveNode(ctx, plan.node, stored), warnings };
    }
    case 'preview':
      return preview(ctx, node);
  }
}

async function preview(ctx: Context, node: Node): Promise<NodeActionResult> {
  const command = previewCommand(node, `/tmp/${crypto.randomUUID()}`);
  if (command.kind === 'refused') return { kind: 'unusable', message: command.message };
  if (command.kind === 'text') return { kind: 'preview', node, text: command.text };
  try {
    const text = command.header + (await renderScript(ctx, command.template));
    return { kind: 'preview', node, text };
  } catch (error) {
    // The client wrote the template, so the error is the client's.
    return { kind: 'unusable', message: error instanceof Error ? error.message : 'The template cannot be rendered' };
  }
}
