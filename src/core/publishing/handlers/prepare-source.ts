import type { Context } from '../../access/context';
import { ApiError, type Issue } from '../../../kernel/errors';
import { invalidInput } from '../../../kernel/issues';
import { preparePublished } from '../../../plynx/publish/prepare-published';
import { prepareWorkflow, type PreparedSource } from '../../workflow/compile/prepare-workflow';
import { absenceOf, absentOf, warnAt } from '../../uses/absent';
import { SOURCE_BYTES } from './handler.schema';
import type { Language } from '../../code/artifact';
import { placedMessage } from '../../code/source-issue.rules';
import { toMentions } from '../../code/mention.rules';
import { mentionsInJavaScript } from '../../code/mentions-in-javascript.rules';
import { utf8Length } from '../../../kernel/encoding';

/**
 * Checks a source and builds the artifact for the loader. Throws 422 `invalid_source` with every issue, with line and column where known.
 */
export async function prepareSource(
  ctx: Pick<Context, 'runtime' | 'store' | 'operations'>,
  handler: { language: Language; path: string },
  source: string,
): Promise<PreparedSource> {
  const bytes = utf8Length(source);
  if (bytes > SOURCE_BYTES) {
    const message = `must have at most ${SOURCE_BYTES} bytes, not ${bytes}`;
    throw invalidInput([{ pointer: '#/source', code: 'source_too_large', message }]);
  }
  if (handler.language === 'graph') return { ...(await preparePublished(ctx, source)), mentions: [] };
  if (handler.language === 'workflow') return prepareWorkflow(ctx, handler.path, source);
  const prepared = await ctx.runtime.prepare(handler.language, source, handler.path);
  if (prepared.kind === 'refused') {
    const issues = prepared.issues.map(withPlace);
    throw new ApiError('invalid_source', issues[0]!.message, { issues });
  }
  const mentions = prepared.mentions ?? mentionsInJavaScript(prepared.artifact.code);
  const absent = await absentOf(ctx, mentions);
  return {
    artifact: { ...prepared.artifact, mentions: toMentions(mentions) },
    warnings: [
      ...prepared.warnings.map(withPlace),
      ...absent.map((mention) => warnAt(mention, 'maybe_missing', absenceOf(mention))),
    ],
    mentions,
  };
}

const withPlace = (issue: Issue): Issue => ({ ...issue, message: placedMessage(issue) });
